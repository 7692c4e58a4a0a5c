internal import CNumerics

/// Standard normal rows made exactly orthonormal over an ensemble of samples. `[sampling.noise]`
public enum OrthonormalNoise {
  /// Blocks of `leading.count` + `rows` rows, `widths[i]` columns each, with (1/n) sum over columns
  /// of ε_r ε_s = δ_rs.
  ///
  /// The rows of `leading` (n entries each) come first and are orthonormalised in their order: the
  /// first is only scaled. n is the total number of columns and must exceed the number of rows; the
  /// deviation from the identity is the rounding of the precision they are stored in. Cholesky-QR
  /// twice (Yamamoto et al. 2015): 4 n rows² operations.
  public static func blocks(
    leading: [[Double]] = [], rows randomRows: Int, widths: [Int], precision: RowBlock.Precision,
    seed: UInt64, purpose: RandomStream.Purpose, index: UInt64, parallel: ParallelFor
  ) -> [RowBlock] {
    let columns = widths.reduce(0, +)
    let rows = leading.count + randomRows
    precondition(columns > rows, "\(rows) orthonormal rows need more than \(columns) columns")
    precondition(leading.allSatisfy { $0.count == columns } && Libraries.ready)
    var blocks = [Block]()
    var first = 0
    for width in widths {
      blocks.append(Block(width: width, values: leading.flatMap { $0[first..<first + width] }))
      first += width
    }
    parallel.update(&blocks) { number, block in
      var stream = RandomStream(
        seed: seed, purpose: purpose, index: index << 24 | UInt64(number))
      block.values += (0..<randomRows * block.width).map { _ in stream.normal() }
    }
    for _ in 0..<2 {
      let gram = gram(blocks, rows: rows, parallel)
      let factor = cholesky(of: gram, rows: rows, scale: 1 / Double(columns))
      parallel.update(&blocks) { _, block in solve(factor, rows: rows, &block) }
    }
    return blocks.map { RowBlock(width: $0.width, values: $0.values, precision: precision) }
  }

  /// Bytes that `blocks` holds at its biggest moment, its result among them.
  public static func bytes(rows: Int, columns: Int, precision: RowBlock.Precision) -> Double {
    let drawn = 8 * Double(rows) * Double(columns)
    let gram = 2 * 8 * Double(rows) * Double(rows)
    // Doubles are not copied into the result.
    let result =
      precision == .single
      ? RowBlock.bytes(capacity: rows, width: columns, precision: .single) : 0
    return drawn + max(gram, result)
  }

  /// Some columns of all rows, row-major.
  private struct Block: Sendable {
    let width: Int
    var values: [Double]
  }

  /// The lower triangle of sum over blocks of E Eᵀ, row-major; one panel of rows per piece of work.
  private static func gram(_ blocks: [Block], rows: Int, _ parallel: ParallelFor) -> [Double] {
    let panel = 64
    let panels = (rows + panel - 1) / panel
    var gram = [Double](repeating: 0, count: rows * rows)
    unsafe gram.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let base = buffer.baseAddress
      parallel(panels) { piece in
        let number = panels - 1 - piece  // the longest panels first
        let first = number * panel
        let last = min(rows, first + panel)
        for block in blocks {
          let width = Int32(block.width)
          unsafe block.values.withUnsafeBufferPointer { e in
            unsafe cblas_dgemm(
              CblasRowMajor, CblasNoTrans, CblasTrans, Int32(last - first), Int32(last), width, 1,
              e.baseAddress?.advanced(by: first * block.width), width, e.baseAddress, width, 1,
              base?.advanced(by: first * rows), Int32(rows))
          }
        }
      }
    }
    return gram
  }

  private static func cholesky(of gram: [Double], rows: Int, scale: Double) -> [Double] {
    var factor = gram.map { $0 * scale }
    var order = Int32(rows)
    var info: Int32 = 0
    unsafe factor.withUnsafeMutableBufferPointer { a in
      unsafe dpotrf_("U", &order, a.baseAddress, &order, &info)  // row-major lower
    }
    precondition(info == 0, "noise Gram matrix not positive definite at row \(info) of \(rows)")
    return factor
  }

  private static func solve(_ factor: [Double], rows: Int, _ block: inout Block) {
    let width = Int32(block.width)
    unsafe factor.withUnsafeBufferPointer { l in
      unsafe block.values.withUnsafeMutableBufferPointer { b in
        unsafe cblas_dtrsm(
          CblasRowMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, Int32(rows), width, 1,
          l.baseAddress, Int32(rows), b.baseAddress, width)
      }
    }
  }
}
