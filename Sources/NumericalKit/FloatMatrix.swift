internal import CNumerics

/// A dense row-major matrix of Floats: the inputs of a training set, one sample a row, or the
/// kernel of a `BlockedHistory`.
///
/// Both products here take a list of rows, so that a mini-batch reads its own rows only. On rows of
/// 2000 Floats they run at the speed of the memory, as fast as OpenBLAS on contiguous rows: a
/// caller that needs both products of the same rows takes them in blocks that stay in the cache.
public struct FloatMatrix: Sendable {
  /// Samples, or times.
  public let rows: Int
  /// Coordinates of a sample, or earlier times.
  public let columns: Int
  /// Entries from one row to the next in `storage`.
  let stride: Int
  /// All rows, padded with zeros.
  let storage: AlignedFloats

  /// Bytes of a matrix of so many rows, of which there may be more than fit into an `Int`.
  public static func bytes(rows: Double, columns: Int) -> Double {
    let lines = (columns + AlignedFloats.line - 1) / AlignedFloats.line
    return 4 * rows * Double(lines * AlignedFloats.line)
  }

  /// Fills the matrix row by row: `fill(row, &values)` writes the `columns` entries of a row.
  public init(rows: Int, columns: Int, fill: (Int, inout MutableSpan<Float>) -> Void) {
    precondition(rows >= 1 && columns >= 1, "\(rows) x \(columns) matrix")
    self.rows = rows
    self.columns = columns
    stride = (columns + AlignedFloats.line - 1) / AlignedFloats.line * AlignedFloats.line
    storage = AlignedFloats(uninitialized: rows * stride)
    for row in 0..<rows {
      unsafe (storage.base + row * stride).initialize(repeating: 0, count: stride)
      var span = unsafe MutableSpan(_unsafeStart: storage.base + row * stride, count: columns)
      fill(row, &span)
    }
  }

  /// The `columns` entries of a row.
  public subscript(row: Int) -> [Float] {
    precondition(row >= 0 && row < rows, "row \(row) of \(rows)")
    return unsafe Array(UnsafeBufferPointer(start: storage.base + row * stride, count: columns))
  }

  /// `result[offset + i]` = row `list[i]` · vector; a row's product does not depend on the others.
  ///
  /// Costs 2 columns operations per row; up to 7 entries of `result` behind the last may change.
  public func multiply(
    rows list: ArraySlice<Int>, by vector: ArraySlice<Float>, into result: inout [Float],
    at offset: Int
  ) {
    check(list, vector.count, result.count, needs: offset + (list.count + 7) / 8 * 8)
    unsafe vector.withUnsafeBufferPointer { x in
      unsafe result.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        unsafe forEachEight(list) { position, rows in
          unsafe dmft_dot8(columns, rows, x, y + offset + position)
        }
      }
    }
  }

  /// `result[offset...]` += Σ_i `coefficients[i]` row `list[i]`.
  ///
  /// Costs 2 columns operations per row. `coefficients` holds zeros behind the last row of the
  /// list, up to a multiple of 8.
  public func accumulate(
    rows list: ArraySlice<Int>, coefficients: ArraySlice<Float>, into result: inout [Float],
    at offset: Int
  ) {
    check(list, columns, coefficients.count, needs: (list.count + 7) / 8 * 8)
    precondition(result.count >= offset + columns && offset >= 0)
    unsafe coefficients.withUnsafeBufferPointer { g in
      unsafe result.withUnsafeMutableBufferPointer { y in
        guard let g = g.baseAddress, let y = y.baseAddress else { return }
        unsafe forEachEight(list) { position, rows in
          unsafe dmft_add8(columns, rows, g + position, y + offset)
        }
      }
    }
  }

  private typealias Row = UnsafePointer<Float>

  /// Calls `body` with the rows of the list in eights; the last eight repeats the last row.
  @inline(__always)
  private func forEachEight(
    _ list: ArraySlice<Int>, _ body: (Int, UnsafePointer<Row?>) -> Void
  ) {
    let last = list.endIndex - 1
    func row(_ index: Int) -> Row? { unsafe Row(storage.base + list[min(index, last)] * stride) }
    var index = list.startIndex
    while index <= last {
      var rows: (Row?, Row?, Row?, Row?, Row?, Row?, Row?, Row?) = unsafe (
        row(index), row(index + 1), row(index + 2), row(index + 3), row(index + 4),
        row(index + 5), row(index + 6), row(index + 7)
      )
      unsafe withUnsafePointer(to: &rows) { pointer in
        unsafe pointer.withMemoryRebound(to: Row?.self, capacity: 8) {
          unsafe body(index - list.startIndex, $0)
        }
      }
      index += 8
    }
  }

  private func check(_ list: ArraySlice<Int>, _ vector: Int, _ count: Int, needs: Int) {
    precondition(vector == columns, "a vector of \(vector) for \(columns) columns")
    precondition(count >= needs, "an array of \(count) where \(needs) are used")
    for row in list { precondition(row >= 0 && row < rows, "row \(row) of \(rows)") }
  }
}
