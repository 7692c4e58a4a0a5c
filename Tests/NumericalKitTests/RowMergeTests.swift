import NumericalKit
import Testing

@Suite("Merges of rows")
struct RowMergeTests {
  private let merge = Merges.merge(2, 4, to: 3)

  @Test("columns: rows in front and behind stay, those between are P times the old ones")
  func applied() {
    let column = Merges.numbers(8, 3)
    let expected = Merges.product(merge.matrix(rows: 8), column.map { [$0] }).map { $0[0] }
    let found = merge.applied(to: column)
    #expect(Merges.distance([found], [expected]) < 1e-14)
    #expect(found[..<2] == column[..<2] && found[5...] == column[6...])
    #expect(merge.loss == 1)
  }

  @Test("weights of merged rows, spread over the rows before: the same combination")
  func spread() {
    let (column, weights) = (Merges.numbers(8, 3), Merges.numbers(7, 5))
    let merged = DenseVector.dot(weights, merge.applied(to: column))
    let spread = merge.spread(weights)
    #expect(abs(merged - DenseVector.dot(spread, column)) < 1e-14)
    #expect(spread.count == 8 && spread[..<2] == weights[..<2] && spread[6...] == weights[5...])
  }

  @Test("several flat rows to a row: each is merged with its like", arguments: [1, 2, 3])
  func flat(units: Int) {
    let flat = merge.flat(units: units)
    #expect(flat.loss == units)
    #expect(flat.matrix(rows: 8 * units) == merge.matrix(rows: 8 * units, units: units))
  }

  /// Two merges of rows apart from each other, one way round and the other: kernels, their factor
  /// and what it makes of noise.
  @Test("merges of different rows in any order", arguments: [1, 2])
  func order(units: Int) {
    let (early, late) = (Merges.merge(1, 4, to: 2), Merges.merge(6, 3, to: 2))
    let orders = [[early, late.shifted(by: -early.loss)], [late, early]]
    let vectors = Merges.rows(10 * units, 10 * units + 4, 2)
    let covariance = Merges.product(vectors, Merges.transposed(vectors))
    let found = orders.map { merges in
      var kernel = TwoTimeKernel(units: units, capacity: 10, shape: .symmetric)
      var factor = GrowingCholesky(capacity: 10 * units, tolerance: 1e-10)
      for t in 0..<10 {
        kernel.append((0..<units).map { Array(covariance[t * units + $0][..<((t + 1) * units)]) })
      }
      for (i, row) in covariance.enumerated() { factor.append(row[..<i], diagonal: row[i]) }
      var noise = vectors  // what the factor acts on need not be its noise
      for merge in merges {
        let flat = merge.flat(units: units)
        kernel.merge(merge)
        noise = Merges.product(factor.merge([flat]).kept.matrix(rows: noise.count), noise)
      }
      let n = factor.count
      return (
        kernel: (0..<n).map { a in (0..<n).map { kernel[a, $0] } },
        factor: (0..<n).map { factor.row($0) + [Double](repeating: 0, count: n - 1 - $0) },
        noise: noise
      )
    }
    #expect(found[0].kernel.count == 7 * units)
    #expect(Merges.distance(found[0].kernel, found[1].kernel) < 1e-12)
    #expect(Merges.distance(found[0].factor, found[1].factor) < 1e-12)
    #expect(Merges.distance(found[0].noise, found[1].noise) < 1e-12)
  }

  @Test("more rows in front")
  func shifted() {
    let column = Merges.numbers(11, 5)
    let found = merge.shifted(by: 3).applied(to: column)
    #expect(found == Array(column[..<3]) + merge.applied(to: Array(column[3...])))
  }
}
