internal import CNumerics

/// A function of two times and two hidden units, A_kl(t, s), that grows forward in time.
///
/// Entries are addressed by flat indices a = t K + k. Rows are appended, one time (K rows) after
/// the other, so code cannot read the future. `symmetric` kernels (C, S) satisfy A(a, b) = A(b, a);
/// `causal` ones (R, χ) vanish above the block diagonal. Products cost 2 n² operations at n rows.
public struct TwoTimeKernel: Sendable {
  /// What lies above the diagonal.
  public enum Shape: Sendable {
    /// A(a, b) = A(b, a).
    case symmetric
    /// A(t, s) = 0 for s > t.
    case causal
  }

  /// Hidden units K.
  public let units: Int
  /// The most times the kernel can hold.
  public let capacity: Int
  /// What lies above the diagonal.
  public let shape: Shape
  /// Times present.
  public private(set) var times = 0
  @usableFromInline let stride: Int
  @usableFromInline var storage: [Double]

  /// Bytes of a kernel.
  public static func bytes(units: Int, capacity: Int) -> Double {
    let side = Double(units) * Double(capacity)
    return 8 * side * side
  }

  /// An empty kernel for up to `capacity` times of `units` hidden units.
  public init(units: Int, capacity: Int, shape: Shape) {
    precondition(
      units >= 1 && capacity >= 0 && Libraries.ready, "units \(units), capacity \(capacity)")
    self.units = units
    self.capacity = capacity
    self.shape = shape
    stride = units * capacity
    storage = [Double](repeating: 0, count: stride * stride)
  }

  /// Flat rows present, K times the number of times.
  @inlinable public var count: Int { units * times }

  /// The entry at flat indices a, b, both below `count`.
  @inlinable
  public subscript(a: Int, b: Int) -> Double { storage[a * stride + b] }

  /// A_kl(t, s), all zero-based.
  public subscript(t: Int, s: Int, k: Int, l: Int) -> Double {
    precondition(
      t < times && s < times && k < units && l < units,
      "(\(t), \(s)) of \(times) times, units (\(k), \(l)) of \(units)")
    return self[t * units + k, s * units + l]
  }

  /// Takes over the entries of the first `times` times, row by row.
  mutating func fill(_ values: [Double], times: Int) {
    let side = units * times
    precondition(
      self.times == 0 && times <= capacity && values.count == side * side,
      "\(values.count) entries of \(times) times")
    for a in 0..<side {
      storage.replaceSubrange(
        a * stride..<a * stride + side, with: values[a * side..<(a + 1) * side])
    }
    self.times = times
  }

  /// Appends the next time t: `rows[k]` holds A_k·(t, ·) over flat columns 0 ..< K(t + 1).
  public mutating func append(_ rows: [[Double]]) {
    let first = count
    let width = first + units
    precondition(times < capacity, "kernel holds \(capacity) times")
    precondition(
      rows.count == units && rows.allSatisfy { $0.count == width },
      "time \(times) needs \(units) rows of \(width)")
    for (k, row) in rows.enumerated() {
      let start = (first + k) * stride
      storage.replaceSubrange(start..<start + width, with: row)
    }
    if shape == .symmetric {
      for (k, row) in rows.enumerated() {
        for b in 0..<first { storage[b * stride + first + k] = row[b] }
      }
    }
    times += 1
  }

  /// Merges times, in both arguments. `[frame.merge]` Cost O(n p) at n rows, p of them merged, and
  /// the shift of all rows behind these.
  public mutating func merge(_ merge: RowMerge) {
    let flat = merge.flat(units: units)
    self.merge(rows: [flat], columns: [flat])
  }

  /// Merges flat rows in the first argument and flat columns in the second one, each one merge
  /// after the other, equally many of which are lost in all. Cost O(n m²) for m merged rows and
  /// columns, and the shift of all behind these.
  public mutating func merge(rows: [RowMerge], columns: [RowMerge]) {
    let loss = rows.reduce(0) { $0 + $1.loss }
    precondition(
      columns.reduce(0) { $0 + $1.loss } == loss && loss % units == 0,
      "\(loss) rows of \(units) units, and other columns")
    let before = count
    var height = before
    for merge in rows {
      merge.apply(to: &storage, rows: height, width: before, stride: stride)
      height -= merge.loss
    }
    var width = before
    for merge in columns {
      mergeColumns(merge, height: height, width: width)
      width -= merge.loss
    }
    unsafe storage.withUnsafeMutableBufferPointer { x in
      for a in height..<before {
        for b in 0..<before { unsafe x[a * stride + b] = 0 }
      }
    }
    times -= loss / units
  }

  /// Merges columns of the first `height` rows, of `width` columns that are there.
  private mutating func mergeColumns(_ columns: RowMerge, height: Int, width: Int) {
    let (stride, end) = (stride, columns.first + columns.before)
    var merged = [Double](repeating: 0, count: height * columns.after)
    unsafe storage.withUnsafeMutableBufferPointer { x in
      unsafe merged.withUnsafeMutableBufferPointer { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return }
        unsafe columns.map.withUnsafeBufferPointer { map in
          unsafe cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(height), Int32(columns.after),
            Int32(columns.before), 1, x.advanced(by: columns.first), Int32(stride),
            map.baseAddress, Int32(columns.before), 0, y, Int32(columns.after))
        }
        for a in 0..<height {
          let row = unsafe x.advanced(by: a * stride)
          unsafe row.advanced(by: columns.first).update(
            from: y.advanced(by: a * columns.after), count: columns.after)
          guard columns.loss > 0 else { continue }
          unsafe row.advanced(by: end - columns.loss).update(
            from: row.advanced(by: end), count: width - end)
          for b in width - columns.loss..<width { unsafe row[b] = 0 }
        }
      }
    }
  }

  /// The first `width` entries of flat row a.
  public func row(_ a: Int, width: Int) -> ArraySlice<Double> {
    precondition(a < count && width <= stride, "row \(a) of \(count), width \(width) of \(stride)")
    return storage[a * stride..<a * stride + width]
  }

  /// A x over the first `x.count` rows and columns.
  public func multiply(_ x: ArraySlice<Double>) -> [Double] { product(x, CblasNoTrans) }

  /// Aᵀ x over the first `x.count` rows and columns.
  public func multiplyTransposed(_ x: ArraySlice<Double>) -> [Double] { product(x, CblasTrans) }

  private func product(_ x: ArraySlice<Double>, _ transpose: CBLAS_TRANSPOSE) -> [Double] {
    let n = x.count
    precondition(n <= count, "vector of \(n) for \(count) rows")
    guard n > 0 else { return [] }
    var y = [Double](repeating: 0, count: n)
    unsafe storage.withUnsafeBufferPointer { a in
      unsafe x.withUnsafeBufferPointer { v in
        unsafe y.withUnsafeMutableBufferPointer { w in
          unsafe cblas_dgemv(
            CblasRowMajor, transpose, Int32(n), Int32(n), 1, a.baseAddress, Int32(stride),
            v.baseAddress, 1, 0, w.baseAddress, 1)
        }
      }
    }
    return y
  }

  /// Multiplies every entry with both flat indices in `window` (and all columns up to it) by
  /// `factor`.
  ///
  /// Scales rows `first ..< count` and, for symmetric kernels, the matching columns: the decay of a
  /// mask's memory. Cost O(n (count - first)).
  public mutating func scale(rowsFrom first: Int, by factor: Double) {
    guard first < count else { return }
    for a in first..<count {
      for b in 0..<count { storage[a * stride + b] *= factor }
    }
    guard shape == .symmetric else { return }
    for a in 0..<first {
      for b in first..<count { storage[a * stride + b] *= factor }
    }
  }

  /// The largest absolute value of an entry.
  public var largest: Double { storage.reduce(0) { max($0, abs($1)) } }

  /// The kernel with every entry replaced by `transform` of it.
  public func map(_ transform: (Double) -> Double) -> TwoTimeKernel {
    var result = self
    for index in storage.indices { result.storage[index] = transform(storage[index]) }
    return result
  }

  /// The kernel of `combine(a, b)` over the entries a of this and b of `other`, of one shape.
  public func combined(
    with other: TwoTimeKernel, _ combine: (Double, Double) -> Double
  ) -> TwoTimeKernel {
    precondition(
      other.times == times && other.units == units && other.capacity == capacity,
      "kernels of \(times) x \(units) and \(other.times) x \(other.units) entries")
    var result = self
    for index in storage.indices {
      result.storage[index] = combine(storage[index], other.storage[index])
    }
    return result
  }
}
