import NumericalKit
import Testing

@Suite("Growing Cholesky factor")
struct CholeskyTests {
  /// A(i, j) = min(i, j) + 1, whose factor is the lower triangle of ones.
  private func factor(_ n: Int) -> GrowingCholesky {
    var factor = GrowingCholesky(capacity: n, tolerance: 1e-12)
    for i in 0..<n {
      let row = (0..<i).map { Double($0 + 1) }
      factor.append(row[...], diagonal: Double(i + 1))
    }
    return factor
  }

  @Test("rows of a known factor")
  func known() {
    let factor = factor(5)
    for i in 0..<5 { #expect(factor.row(i) == [Double](repeating: 1, count: i + 1)) }
  }

  @Test("solve inverts, multiply is L x")
  func solve() {
    let factor = factor(4)
    var x = [1.0, 4.0, 2.0, 7.0]
    #expect(factor.multiply(x) == [1, 5, 7, 14])
    factor.solve(&x)
    for i in 0..<4 {
      let back = (0..<4).map { Double(min(i, $0) + 1) * x[$0] }.reduce(0, +)
      #expect(abs(back - [1.0, 4.0, 2.0, 7.0][i]) < 1e-12)
    }
  }

  /// The covariance of four vectors, the second twice the first.
  @Test("rows whose projections are known need no solution", arguments: [0, 1, 2, 3])
  func known(first: Int) {
    let covariance: [[Double]] = [[4], [8, 16], [2, 4, 5], [6, 12, -1, 30]]
    var whole = GrowingCholesky(capacity: 4, tolerance: 1e-10)
    for row in covariance { whole.append(row.dropLast(), diagonal: row[row.count - 1]) }
    #expect(whole.isDropped(1) && !whole.isDropped(2) && !whole.isDropped(3))
    var factor = GrowingCholesky(capacity: 4, tolerance: 1e-10)
    for row in covariance {
      let known = min(first, row.count - 1)
      var solved = Array(row[..<known])
      factor.forward(&solved)
      factor.append(
        solved: solved, last: Array(row[known..<row.count - 1]), diagonal: row[row.count - 1])
    }
    for row in 0..<4 {
      #expect(factor.row(row) == whole.row(row) && factor.isDropped(row) == whole.isDropped(row))
    }
  }

  @Test("a dependent row is dropped and the rest still factorises")
  func dependent() {
    var factor = GrowingCholesky(capacity: 3, tolerance: 1e-10)
    factor.append([], diagonal: 4)
    factor.append([4], diagonal: 4)  // a copy of row 0
    factor.append([2, 2], diagonal: 2)
    #expect(factor.isDropped(1))
    #expect(factor.row(1) == [2, 0])
    #expect(factor.row(2) == [1, 0, 1])
    #expect(factor.multiply([1, 5, 1]) == [2, 2, 2])
    var x = [2.0, 2.0, 3.0]  // A applied to (0, ., 1), on the range of A
    factor.solve(&x)
    #expect(x[1] == 0)
    #expect(abs(4 * x[0] + 2 * x[2] - 2) < 1e-12 && abs(2 * x[0] + 2 * x[2] - 3) < 1e-12)
  }
}

@Suite("Orthonormal noise")
struct OrthonormalNoiseTests {
  @Test("the covariance over the ensemble is the identity to rounding")
  func identity() {
    let blocks = OrthonormalNoise.blocks(
      rows: 30, widths: [17, 32, 32, 9], precision: .double, seed: 3, purpose: .fieldNoise,
      index: 1,
      parallel: ParallelFor(threads: 2))
    for r in 0..<30 {
      for s in 0...r {
        var sum = 0.0
        for block in blocks { for j in 0..<block.width { sum += block[r, j] * block[s, j] } }
        #expect(abs(sum / 90 - (r == s ? 1 : 0)) < 1e-13)
      }
    }
  }

  @Test("seeds and indices give different noise, threads do not")
  func streams() {
    func first(seed: UInt64, index: UInt64, threads: Int) -> Double {
      OrthonormalNoise.blocks(
        rows: 3, widths: [8, 8], precision: .single, seed: seed, purpose: .fieldNoise, index: index,
        parallel: ParallelFor(threads: threads))[1][2, 5]
    }
    #expect(first(seed: 1, index: 0, threads: 1) == first(seed: 1, index: 0, threads: 2))
    #expect(first(seed: 1, index: 0, threads: 1) != first(seed: 2, index: 0, threads: 1))
    #expect(first(seed: 1, index: 0, threads: 1) != first(seed: 1, index: 1, threads: 1))
  }
}
