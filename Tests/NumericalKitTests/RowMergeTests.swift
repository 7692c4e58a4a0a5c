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

  @Test("several flat rows to a row: each is merged with its like", arguments: [1, 2, 3])
  func flat(units: Int) {
    let flat = merge.flat(units: units)
    #expect(flat.loss == units)
    #expect(flat.matrix(rows: 8 * units) == merge.matrix(rows: 8 * units, units: units))
  }

  @Test("more rows in front")
  func shifted() {
    let column = Merges.numbers(11, 5)
    let found = merge.shifted(by: 3).applied(to: column)
    #expect(found == Array(column[..<3]) + merge.applied(to: Array(column[3...])))
  }
}
