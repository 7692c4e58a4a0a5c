internal import CNumerics

/// The factor L of a covariance A = L Lᵀ that grows by one row at a time. `[sampling.field]`
///
/// A row whose pivot falls below `tolerance` times its diagonal is linearly dependent on the rows
/// before it: its column is dropped (treated as zero), which makes the factor that of a
/// pseudo-inverse and stays stable where flooring the pivot diverges. Appending, multiplying and
/// solving cost O(n²) operations at n rows.
public struct GrowingCholesky: Sendable {
  /// The most rows the factor can hold.
  public let capacity: Int
  /// Rows present.
  public private(set) var count = 0
  /// Pivots below this fraction of the diagonal are dropped.
  public let tolerance: Double
  private var factor: [Double]  // row-major; a dropped pivot is stored as infinity

  /// Bytes of a factor.
  public static func bytes(capacity: Int) -> Double { 8 * Double(capacity) * Double(capacity) }

  /// An empty factor for up to `capacity` rows.
  public init(capacity: Int, tolerance: Double) {
    precondition(capacity >= 1 && tolerance >= 0 && Libraries.ready)
    self.capacity = capacity
    self.tolerance = tolerance
    factor = [Double](repeating: 0, count: capacity * capacity)
  }

  /// Appends the row A(n, 0..<n) with diagonal A(n, n); both finite.
  ///
  /// A pivot that is not above `rounding`, the error of the diagonal, is dropped as well.
  public mutating func append(
    _ row: ArraySlice<Double>, diagonal: Double, rounding: Double = 0
  ) {
    precondition(row.count == count, "row of \(row.count) for \(count)")
    var solved = Array(row)
    forward(&solved)
    append(solved: solved, diagonal: diagonal, rounding: rounding)
  }

  /// Appends a row of which L⁻¹ A(n, 0..<n) is known, a projection on the rows before.
  ///
  /// - Parameters:
  ///   - solved: what is known, over the first rows.
  ///   - last: A(n, ·) over the rows behind these.
  ///   - diagonal: A(n, n).
  public mutating func append(solved: [Double], last: [Double], diagonal: Double) {
    var row = solved
    for entry in last {
      let start = row.count * capacity
      let known = DenseVector.dot(factor[start..<start + row.count], row[...])
      row.append((entry - known) / factor[start + row.count])
    }
    append(solved: row, diagonal: diagonal, rounding: 0)
  }

  private mutating func append(solved: [Double], diagonal: Double, rounding: Double) {
    let n = count
    precondition(
      solved.count == n && n < capacity, "row of \(solved.count) for \(n) of \(capacity)")
    var pivot = diagonal
    for entry in solved { pivot -= entry * entry }
    factor.replaceSubrange(n * capacity..<n * capacity + n, with: solved)
    let kept = pivot > tolerance * diagonal && pivot > rounding
    factor[n * capacity + n] = kept ? pivot.squareRoot() : .infinity
    count += 1
  }

  /// Row n of L, of length n + 1; a dropped pivot reads 0.
  public func row(_ n: Int) -> [Double] {
    precondition(n < count, "row \(n) of \(count)")
    var row = Array(factor[n * capacity...n * capacity + n])
    if row[n] == .infinity { row[n] = 0 }
    return row
  }

  /// Whether row n was linearly dependent on the rows before it.
  public func isDropped(_ n: Int) -> Bool { factor[n * capacity + n] == .infinity }

  /// x := L⁻¹ x for the first `x.count` rows.
  public func forward(_ x: inout [Double]) { triangularSolve(&x, transposed: false) }

  /// x := L⁻ᵀ x for the first `x.count` rows.
  public func backward(_ x: inout [Double]) { triangularSolve(&x, transposed: true) }

  /// x := A⁻¹ x for the first `x.count` rows.
  public func solve(_ x: inout [Double]) {
    forward(&x)
    backward(&x)
  }

  /// L x for the first `x.count` rows.
  public func multiply(_ x: [Double]) -> [Double] {
    let n = x.count
    precondition(n <= count, "vector of \(n) for \(count) rows")
    var y = x
    for i in 0..<n where isDropped(i) { y[i] = 0 }
    guard n > 0 else { return y }
    var diagonalFree = y
    unsafe factor.withUnsafeBufferPointer { a in
      unsafe diagonalFree.withUnsafeMutableBufferPointer { v in
        unsafe cblas_dtrmv(
          CblasRowMajor, CblasLower, CblasNoTrans, CblasUnit, Int32(n), a.baseAddress,
          Int32(capacity), v.baseAddress, 1)
      }
    }
    for i in 0..<n {
      let diagonal = isDropped(i) ? 0 : factor[i * capacity + i]
      diagonalFree[i] += (diagonal - 1) * y[i]
    }
    return diagonalFree
  }

  /// Rows of A are merged, one merge P after the other: A becomes P A Pᵀ, its factor L' with
  /// P L = L' Q, Q Qᵀ = 1. `[frame.rotation]` Cost O(m³) for the m rows from the first merged one
  /// on.
  ///
  /// - Returns: Q: the noise of x = L ε becomes Q ε.
  @discardableResult
  public mutating func merge(_ merges: [RowMerge]) -> NoiseRotation {
    let (before, first) = (count, merges.map(\.first).min() ?? count)
    for n in first..<count where isDropped(n) { factor[n * capacity + n] = 0 }
    for merge in merges {
      // Nothing stands above the diagonal, where a merge of rows puts something.
      merge.apply(to: &factor, rows: count, width: before, stride: capacity)
      count -= merge.loss
    }
    let (columns, after) = (before - first, count - first)
    var rows = [Double]()
    rows.reserveCapacity(after * columns)
    var norms = [Double]()
    for i in first..<count {
      let start = i * capacity
      rows += factor[start + first..<start + before]
      let row = factor[start..<start + before]
      norms.append(DenseVector.dot(row, row))
    }
    let reduction = LowerReduction(
      rows, columns: columns, norms: norms, tolerance: tolerance)
    for i in 0..<after {
      let start = (first + i) * capacity + first
      for j in 0..<columns { factor[start + j] = j <= i ? reduction.lower(i, j) : 0 }
      if reduction.isDropped[i] { factor[start + i] = .infinity }
    }
    for index in count * capacity..<before * capacity { factor[index] = 0 }
    return NoiseRotation(first: first, before: columns, after: after, matrix: reduction.rotation)
  }

  /// A becomes A + E Eᵀ, by reflections of L and E, row by row. `[frame.rotation]` Cost O(n² d).
  ///
  /// - Parameters:
  ///   - addition: E, row-major.
  ///   - width: d, the entries of each row of E.
  public mutating func update(adding addition: [Double], width: Int) {
    precondition(addition.count == count * width, "\(addition.count) numbers for \(count) rows")
    guard let first = addition.firstIndex(where: { $0 != 0 }) else { return }
    let (count, capacity, tolerance) = (count, capacity, tolerance)
    var rest = addition
    var normal = [Double](repeating: 0, count: width + 1)
    unsafe factor.withUnsafeMutableBufferPointer { factor in
      for i in first / width..<count {
        let place = i * capacity + i
        let diagonal = unsafe factor[place] == .infinity ? 0 : factor[place]
        normal[0] = diagonal
        for c in 0..<width { normal[c + 1] = rest[i * width + c] }
        let added = DenseVector.dot(normal[1...], normal[1...])
        let square = diagonal * diagonal + added
        var whole = square
        for j in i * capacity..<place { unsafe whole += factor[j] * factor[j] }
        guard diagonal > 0 || square > tolerance * whole else { continue }
        let length = square.squareRoot()
        unsafe factor[place] = length
        guard added > 0 else { continue }
        // diagonal - length, without the loss of digits where little is added.
        normal[0] = -added / (diagonal + length)
        let norm = normal[0] * normal[0] + added
        for j in i + 1..<max(count, i + 1) {
          let entry = j * capacity + i
          var along = unsafe normal[0] * factor[entry]
          for c in 0..<width { along += normal[c + 1] * rest[j * width + c] }
          along *= 2 / norm
          unsafe factor[entry] -= along * normal[0]
          for c in 0..<width { rest[j * width + c] -= along * normal[c + 1] }
        }
      }
    }
  }

  private func triangularSolve(_ x: inout [Double], transposed: Bool) {
    let n = x.count
    precondition(n <= count, "vector of \(n) for \(count) rows")
    guard n > 0 else { return }
    unsafe factor.withUnsafeBufferPointer { a in
      unsafe x.withUnsafeMutableBufferPointer { v in
        unsafe cblas_dtrsv(
          CblasRowMajor, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
          Int32(n), a.baseAddress, Int32(capacity), v.baseAddress, 1)
      }
    }
  }
}
