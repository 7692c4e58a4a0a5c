import NumericalKit
import Testing

@Suite("Row blocks: merges")
struct RowBlockMergeTests {
  private func block(_ rows: [[Double]]) -> RowBlock {
    RowBlock(width: rows[0].count, values: rows.flatMap { $0 }, precision: .double)
  }

  @Test(
    "rows are replaced by their merge, those behind move up, those beyond stay",
    arguments: [0, 2, 4])
  func merge(first: Int) {
    let rows = Merges.rows(9, 5, 8)
    for after in 1...3 {
      let merge = Merges.merge(first, 3, to: after)
      var block = block(rows)
      block.merge(merge, rows: 7)
      let expected = Merges.product(merge.matrix(rows: 7), Array(rows[..<7]))
      let found = (0..<expected.count).map { block.row($0) }
      #expect(Merges.distance(found, expected) < 1e-14)
      for row in [7, 8] { #expect(block.row(row) == rows[row]) }
    }
  }

  @Test("all entries are multiplied")
  func scale() {
    let rows = Merges.rows(4, 5, 8)
    var block = block(rows)
    block.scale(by: 0.5)
    let expected = rows.map { $0.map { 0.5 * $0 } }
    #expect(Merges.distance((0..<4).map { block.row($0) }, expected) < 1e-15)
  }

  @Test("columns turn as noise does: Q x in the kept ones, 0 in the lost ones, which are returned")
  func turnColumns() {
    let vectors = Merges.rows(6, 8, 2)
    var factor = GrowingCholesky(capacity: 6, tolerance: 1e-10)
    for i in 0..<6 {
      factor.append(
        vectors[..<i].map { DenseVector.dot($0, vectors[i]) }[...],
        diagonal: DenseVector.dot(vectors[i], vectors[i]))
    }
    let rotation = factor.merge([Merges.merge(1, 4, to: 2)])
    let rows = Merges.rows(4, 10, 8)
    var block = block(rows)
    let lost = block.turnColumns(rotation, leading: 2, rows: 3)
    // Two leading columns, one of noise that does not turn, five that do, two behind.
    for row in 0..<3 {
      let turned = (0..<5).map { i in
        (0..<5).reduce(0.0) { $0 + rotation.matrix[i * 5 + $1] * rows[row][3 + $1] }
      }
      let expected = rows[row][..<3] + turned[..<3] + [0, 0] + rows[row][8...]
      #expect(Merges.distance([block.row(row)], [Array(expected)]) < 1e-14)
      #expect(
        Merges.distance([Array(lost[2 * row..<2 * row + 2])], [Array(turned[3...])]) < 1e-14)
    }
    #expect(block.row(3) == rows[3])
    #expect(lost.count == 6)
  }
}
