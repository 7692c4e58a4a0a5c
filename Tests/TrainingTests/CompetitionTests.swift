import LearningProblem
import NumericalKit
import Testing

/// Thresholds that let the right number win. `[update.rules]`
@Suite struct CompetitionTests {
  static let cases: [([Double], Double, Double)] = [
    ([3, 1, 4, 1.5, 9], 0.4, 3), ([3, 1, 4, 1.5, 9], 0.2, 4), ([3, 1, 4, 1.5, 9], 0.6, 1.5),
    ([0, 7, 2, 5], 0.5, 2), ([6], 0.7, -.infinity), ([6], 0.3, 6), ([], 0.5, -.infinity),
    // Exact halves count as one winner more.
    ([3, 1, 4, 1.5, 9], 0.5, 1.5), ([6, 2, 3], 0.5, 2), ([6, 2], 0.25, 2),
    // Ties: losers are as many as asked for, or more.
    ([2, 2, 2, 1], 0.5, 2), ([0, 0, 0, 1], 0.5, 0),
  ]

  @Test(arguments: cases)
  func byHand(_ scores: [Double], _ fraction: Double, _ expected: Double) {
    var scores = scores
    #expect(Competition.threshold(&scores, winningFraction: fraction) == expected)
  }

  @Test func everyoneWinsWithTheWholeFraction() {
    var scores = [0.0, 2, 1]
    #expect(Competition.threshold(&scores, winningFraction: 1) < 0)
    #expect(scores.sorted() == [0, 1, 2])
  }

  /// |G| at the midpoints of a million equal shares of its law: the quantile lies half way between
  /// two neighbours, 2.4e-6 from either for p = 0.1.
  @Test(arguments: [(0.1, 1.644854), (0.5, 0.674490)])
  func quantileOfTheNormalLaw(_ fraction: Double, _ quantile: Double) {
    let count = 1_000_000
    var scores = (0..<count).map { index in
      NormalDistribution.quantile(0.5 + 0.5 * (Double(index) + 0.5) / Double(count))
    }
    var stream = RandomStream(seed: 1, purpose: .check)
    scores.shuffle(using: &stream)
    let sorted = scores.sorted()
    let threshold = Competition.threshold(&scores, winningFraction: fraction)
    #expect(abs(threshold - quantile) < 3e-6)
    #expect(sorted.count { $0 > threshold } == Int(fraction * Double(count)))
  }
}
