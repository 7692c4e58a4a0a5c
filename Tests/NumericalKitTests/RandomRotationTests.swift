import NumericalKit
import Testing

/// `[inputs.rotation]`
@Suite("Random rotations in O(d log d)")
struct RandomRotationTests {
  private static func rotation(_ d: Int, index: UInt64 = 0) -> RandomRotation {
    var stream = RandomStream(seed: 3, purpose: .check, index: index)
    return RandomRotation(dimension: d, stream: &stream)
  }

  @Test("orthogonal, and the inverse is the transpose", arguments: [1, 2, 3, 8, 37, 100])
  func orthogonal(d: Int) {
    let rotation = Self.rotation(d)
    func unit(_ j: Int) -> [Double] { (0..<d).map { $0 == j ? 1 : 0 } }
    let columns = (0..<d).map { rotation.applied(to: unit($0)) }
    for i in 0..<d {
      for j in 0...i {
        let product = DenseVector.dot(columns[i], columns[j])
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
      let row = rotation.inverse(of: unit(i))
      for j in 0..<d { #expect(abs(row[j] - columns[j][i]) < 1e-12) }
    }
  }

  /// A unit vector has d entries of variance 1/d like those of a random direction: fourth moment
  /// 3/d², and no mean. One round alone leaves entries of one size (fourth moment 2/d² at most).
  @Test("unit vectors come out in generic directions")
  func generic() {
    let d = 4001
    let rotation = Self.rotation(d)
    for j in [0, 1, 2000, 4000] {
      let vector = rotation.applied(to: (0..<d).map { $0 == j ? 1 : 0 })
      let mean = vector.reduce(0, +)  // of variance 1
      let fourth = vector.reduce(0) { $0 + $1 * $1 * $1 * $1 } * Double(d)
      #expect(abs(mean) < 5)
      #expect(abs(fourth - 3) < 5 * (96 / Double(d)).squareRoot(), "\(fourth)")
    }
    let other = Self.rotation(d, index: 1)
    let (x, y) = (
      rotation.applied(to: [1] + [Double](repeating: 0, count: d - 1)),
      other.applied(to: [1] + [Double](repeating: 0, count: d - 1))
    )
    #expect(abs(DenseVector.dot(x, y)) < 5 / Double(d).squareRoot())
  }
}
