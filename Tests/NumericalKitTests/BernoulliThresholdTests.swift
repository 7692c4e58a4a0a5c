import NumericalKit
import Testing

@Suite("Coins thrown with random words")
struct BernoulliThresholdTests {
  @Test(
    "a word decides as the number in (0, 1) that it stands for",
    arguments: [0, 1e-12, 0x1p-33, 0x1.8p-32, 0.1, 0.3, 0.5, 1 - 0x1p-33, 1])
  func words(probability: Double) {
    let threshold = BernoulliThreshold(probability: probability)
    let edge = UInt32(min(probability * 0x1p32, 0x1p32 - 1))
    let near = (0..<6).flatMap { [edge &+ $0, edge &- $0] }
    for word in near + [0, 1, 1 << 31, .max - 1, .max] {
      #expect(
        threshold.isMet(by: word) == ((Double(word) + 0.5) * 0x1p-32 < probability),
        "word \(word)")
    }
  }

  @Test("never below 0")
  func negative() {
    #expect(!BernoulliThreshold(probability: -0.5).isMet(by: 0))
  }

  @Test("the fraction of words that say yes")
  func fraction() {
    var stream = RandomStream(seed: 1, purpose: .sampleMask, index: 0)
    let count = 100_000
    let threshold = BernoulliThreshold(probability: 0.3)
    let hits = (0..<count).count { _ in threshold.isMet(by: stream.nextWord()) }
    let deviation = (Double(count) * 0.3 * 0.7).squareRoot()
    #expect(abs(Double(hits) - 0.3 * Double(count)) < 5 * deviation)
  }
}
