/// Rows of one width, added one after the other, in single precision: `RowBlock`s as they are
/// needed.
struct GrowingRows: Sendable {
  private static let blockRows = 32

  /// Columns.
  let width: Int
  /// Rows so far.
  private(set) var count = 0
  private var blocks: [RowBlock] = []

  init(width: Int) { self.width = width }

  /// Bytes of `count` rows.
  static func bytes(count: Int, width: Double) -> Double {
    4 * Double((count + blockRows - 1) / blockRows * blockRows) * width
  }

  /// Adds a row of `width` numbers.
  mutating func append(_ row: [Double]) {
    let place = count % Self.blockRows
    if place == 0 {
      blocks.append(RowBlock(capacity: Self.blockRows, width: width, precision: .single))
    }
    blocks[blocks.count - 1].setRow(place, to: row)
    count += 1
  }

  /// row_r · x for each row.
  func products(with vector: [Double]) -> [Double] {
    var products = [Double]()
    for (index, block) in blocks.enumerated() {
      var part = [Double](repeating: 0, count: min(Self.blockRows, count - index * Self.blockRows))
      block.addProducts(with: vector, rows: part.count, to: &part)
      products += part
    }
    return products
  }

  /// Σ_r c_r row_r over the first `coefficients.count` rows, added to `sum`.
  func combine(_ coefficients: [Double], into sum: inout [Double]) {
    for (index, block) in blocks.enumerated() {
      let first = index * Self.blockRows
      block.combine(
        coefficients[first..<min(first + Self.blockRows, coefficients.count)], into: &sum)
    }
  }
}
