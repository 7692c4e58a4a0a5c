import NumericalKit
import Testing

@Suite("Dense vectors")
struct DenseVectorTests {
  private let x = (0..<20).map { Double($0 * $0 - 50) }
  private let y = (0..<20).map { Double(7 - 3 * $0) }

  /// Whole numbers, of which sums in any order are exact.
  @Test("dot products of any length", arguments: 0...20)
  func dot(count: Int) {
    let expected = (0..<count).reduce(0.0) { $0 + x[$1] * y[$1] }
    #expect(DenseVector.dot(Array(x[..<count]), Array(y[..<count])) == expected)
    let start = 20 - count
    let shifted = (0..<count).reduce(0.0) { $0 + x[start + $1] * y[$1] }
    #expect(DenseVector.dot(x[start...], y[..<count]) == shifted)
  }

  @Test("sums change the first entries only, as many as are added")
  func add() {
    var sum = y
    DenseVector.add(x[3..<8], to: &sum)
    var expected = y
    for j in 0..<5 { expected[j] += x[j + 3] }
    #expect(sum == expected)
    DenseVector.add(-2, x[3..<8], to: &sum)
    for j in 0..<5 { expected[j] -= 2 * x[j + 3] }
    #expect(sum == expected)
  }

  @Test("vectors lie one behind the other; longer ones are cut")
  func vectors() {
    let vectors = Vectors([[1, 2, 3], [4, 5]], length: 2)
    #expect(vectors.values == [1, 2, 4, 5] && vectors.count == 2)
    #expect(Array(vectors[1]) == [4, 5])
    #expect(Vectors(count: 3, length: 2).values == [Double](repeating: 0, count: 6))
  }
}
