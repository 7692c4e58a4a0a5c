internal import CNumerics

/// Rows in a frame of the past: blocks of Doubles, as rows turn again and again, and the rounding
/// of Floats would add up.
extension RowBlock {
  /// The entries, to be changed in place and put back.
  private mutating func takeDoubles() -> [Double] {
    guard case .double(let entries) = storage else {
      preconditionFailure("rows of a frame are Doubles")
    }
    storage = .double([])
    return entries
  }

  /// Multiplies all entries.
  public mutating func scale(by factor: Double) {
    var entries = takeDoubles()
    for i in entries.indices { entries[i] *= factor }
    storage = .double(entries)
  }

  /// Turns columns of the first `rows` rows, which stand behind `leading` other ones, as noise rows
  /// turn `[frame.rotation]`. Columns that are lost become 0.
  ///
  /// - Returns: what the rows had in the lost columns, row-major.
  public mutating func turnColumns(
    _ rotation: NoiseRotation, leading: Int, rows: Int
  ) -> [Double] {
    guard rows > 0 else { return [] }
    var entries = takeDoubles()
    let (m, first) = (rotation.before, leading + rotation.first)
    precondition(rows <= capacity && first + m <= width, "\(m) columns from \(first) on")
    var turned = [Double](repeating: 0, count: rows * m)
    unsafe entries.withUnsafeBufferPointer { x in
      unsafe rotation.matrix.withUnsafeBufferPointer { q in
        unsafe turned.withUnsafeMutableBufferPointer { y in
          unsafe cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(m), Int32(m), 1,
            x.baseAddress?.advanced(by: first), Int32(width), q.baseAddress, Int32(m), 0,
            y.baseAddress, Int32(m))
        }
      }
    }
    var lost = [Double]()
    for row in 0..<rows {
      for j in 0..<m {
        entries[row * width + first + j] = j < rotation.after ? turned[row * m + j] : 0
      }
      lost += turned[row * m + rotation.after..<(row + 1) * m]
    }
    storage = .double(entries)
    return lost
  }

  /// Replaces rows by their merge, of `rows` that are there: one product of matrices, and the shift
  /// of all rows behind these. `[frame.merge]`
  public mutating func merge(_ merge: RowMerge, rows: Int) {
    precondition(
      merge.first + merge.before <= rows && rows <= capacity,
      "\(merge.before) rows from \(merge.first) on, of \(rows)")
    var entries = takeDoubles()
    var merged = [Double](repeating: 0, count: merge.after * width)
    let (m, n, k) = (Int32(merge.after), Int32(width), Int32(merge.before))
    unsafe entries.withUnsafeMutableBufferPointer { x in
      unsafe merged.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        let source = unsafe x.advanced(by: merge.first * width)
        unsafe merge.map.withUnsafeBufferPointer { p in
          unsafe cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, 1, p.baseAddress, k, source, n, 0,
            y, n)
        }
        unsafe source.update(from: y, count: merge.after * width)
        guard merge.loss > 0 else { return }
        unsafe source.advanced(by: merge.after * width).update(
          from: source.advanced(by: merge.before * width),
          count: (rows - merge.first - merge.before) * width)
      }
    }
    storage = .double(entries)
  }
}
