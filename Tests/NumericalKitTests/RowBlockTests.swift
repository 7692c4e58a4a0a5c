import NumericalKit
import Testing

@Suite("Row blocks")
struct RowBlockTests {
  private static let width = 21  // two vectors of the processor, and some entries more
  private static let rows = 7  // four at a time, and some more

  /// Entries that no permutation of rows, columns or vectors leaves as they are.
  private func number(_ i: Int, _ j: Int) -> Double { 1 / Double(3 * i + 7 * j + 2) - 0.1 }

  private func block(_ precision: RowBlock.Precision) -> RowBlock {
    RowBlock(
      width: Self.width,
      values: (0..<Self.rows).flatMap { r in (0..<Self.width).map { number(r, $0) } },
      precision: precision)
  }

  private func vectors(_ count: Int, _ length: Int) -> [[Double]] {
    (0..<count).map { k in (0..<length).map { number(k + 11, $0) } }
  }

  @Test(
    "several combinations at once are what they are one by one",
    arguments: [RowBlock.Precision.single, .double], [1, 2, 3, 4, 5, 6, 8, 24, 25])
  func combine(precision: RowBlock.Precision, count: Int) {
    let block = block(precision)
    let tolerance = precision == .double ? 1e-14 : 1e-6
    for used in 0...Self.rows {
      let coefficients = vectors(count, used)
      var all = vectors(count, Self.width)
      block.combine(coefficients, into: &all)
      for k in 0..<count {
        var one = vectors(count, Self.width)[k]
        block.combine(coefficients[k][...], into: &one)
        for j in 0..<Self.width {
          var exact = number(k + 11, j)
          for r in 0..<used { exact += coefficients[k][r] * number(r, j) }
          #expect(abs(all[k][j] - one[j]) < tolerance)
          #expect(abs(one[j] - exact) < tolerance)
        }
      }
    }
  }

  @Test(
    "combinations of later rows, and copies of rows",
    arguments: [RowBlock.Precision.single, .double], [1, 3])
  func laterRows(precision: RowBlock.Precision, count: Int) {
    var block = block(precision)
    let tolerance = precision == .double ? 1e-14 : 1e-6
    let coefficients = vectors(count, 2)  // rows 3 and 4
    var all = vectors(count, Self.width)
    block.combine(coefficients, from: 3, into: &all)
    for k in 0..<count {
      for j in 0..<Self.width {
        let exact =
          number(k + 11, j) + coefficients[k][0] * number(3, j) + coefficients[k][1] * number(4, j)
        #expect(abs(all[k][j] - exact) < tolerance)
      }
    }
    block.copyRows(3, count: 2, to: 0)
    for j in 0..<Self.width {
      #expect(block[0, j] == block[3, j] && block[1, j] == block[4, j])
      #expect(abs(block[0, j] - number(3, j)) < tolerance)
      #expect(abs(block[2, j] - number(2, j)) < tolerance)
    }
  }

  @Test(
    "several products at once are what they are one by one",
    arguments: [RowBlock.Precision.single, .double], [1, 2, 3, 4, 5, 6, 8, 24, 25])
  func products(precision: RowBlock.Precision, count: Int) {
    let block = block(precision)
    let tolerance = precision == .double ? 1e-14 : 1e-6
    for used in 0...Self.rows {
      // Longer than they need be: only the first entries count.
      let x = vectors(count, Self.width + 2)
      var all = vectors(count, Self.rows + 1)
      block.addProducts(with: x, rows: used, to: &all)
      for k in 0..<count {
        var one = vectors(count, Self.rows + 1)[k]
        block.addProducts(with: x[k], rows: used, to: &one)
        for r in 0...Self.rows {
          var exact = number(k + 11, r)
          if r < used { for j in 0..<Self.width { exact += x[k][j] * number(r, j) } }
          #expect(abs(all[k][r] - one[r]) < tolerance)
          #expect(abs(one[r] - exact) < tolerance)
        }
      }
    }
  }
}
