internal import CNumerics

/// A row-major block of `capacity` rows by `width` columns, filled row by row as time passes.
///
/// Holds the history of a small group of trajectories: a row is one time (and hidden unit), a
/// column one trajectory. The products below read the first rows only, cost 2 rows x width
/// operations and are limited by memory; in `single` precision they are twice as fast, and the
/// rounding (6e-8 relative) stays far below sampling noise where there is any.
public struct RowBlock: Sendable {
  /// How entries are stored.
  public enum Precision: Sendable {
    /// `Float`.
    case single
    /// `Double`.
    case double
  }

  enum Storage: Sendable {
    case single([Float])
    case double([Double])
  }

  /// Up to so many vectors at once do not pay for a product of matrices, which copies the block:
  /// measured with the benchmark `rows`.
  private static let fewVectors = 24
  /// Vectors for which a block is read once.
  private static let vectorsPerPass = 4

  /// Columns of the block.
  public let width: Int
  /// Rows of the block.
  public let capacity: Int
  var storage: Storage

  /// Bytes of a block.
  public static func bytes(capacity: Int, width: Int, precision: Precision = .double) -> Double {
    (precision == .single ? 4 : 8) * Double(capacity) * Double(width)
  }

  /// Creates a block of zeros.
  public init(capacity: Int, width: Int, precision: Precision = .double) {
    precondition(
      capacity >= 0 && width >= 1 && Libraries.ready,
      "a block needs capacity >= 0 and width >= 1, got \(capacity) x \(width)")
    self.width = width
    self.capacity = capacity
    switch precision {
    case .single: storage = .single([Float](repeating: 0, count: capacity * width))
    case .double: storage = .double([Double](repeating: 0, count: capacity * width))
    }
  }

  /// Creates a full block from rows laid one after the other.
  public init(width: Int, values: [Double], precision: Precision) {
    precondition(width >= 1 && values.count % width == 0 && Libraries.ready)
    self.width = width
    capacity = values.count / width
    switch precision {
    case .single: storage = .single(values.map { Float($0) })
    case .double: storage = .double(values)
    }
  }

  /// The entry of column `column` in row `row`.
  public subscript(row: Int, column: Int) -> Double {
    switch storage {
    case .single(let values): Double(values[row * width + column])
    case .double(let values): values[row * width + column]
    }
  }

  /// A row.
  public func row(_ row: Int) -> [Double] {
    let range = row * width..<(row + 1) * width
    return switch storage {
    case .single(let values): values[range].map { Double($0) }
    case .double(let values): Array(values[range])
    }
  }

  /// Replaces row `row` by the first `width` entries of `values`.
  public mutating func setRow(_ row: Int, to values: [Double]) {
    precondition(row < capacity, "row \(row) of a block of \(capacity)")
    let range = row * width..<(row + 1) * width
    switch storage {
    case .single(var entries):
      storage = .single([])  // so that the entries are changed in place
      entries.replaceSubrange(range, with: values[0..<width].lazy.map { Float($0) })
      storage = .single(entries)
    case .double(var entries):
      storage = .double([])
      entries.replaceSubrange(range, with: values[0..<width])
      storage = .double(entries)
    }
  }

  /// Copies rows `first ..< first + count` over those from `target` on; the two must not overlap.
  public mutating func copyRows(_ first: Int, count: Int, to target: Int) {
    precondition(
      max(first, target) + count <= capacity && abs(first - target) >= count,
      "\(count) rows from \(first) to \(target) of \(capacity)")
    let source = first * width..<(first + count) * width
    let range = target * width..<(target + count) * width
    switch storage {
    case .single(var entries):
      storage = .single([])
      entries.replaceSubrange(range, with: Array(entries[source]))
      storage = .single(entries)
    case .double(var entries):
      storage = .double([])
      entries.replaceSubrange(range, with: Array(entries[source]))
      storage = .double(entries)
    }
  }

  /// y += sum_r c_r row_(first + r) over `c.count` rows; y has length `width`.
  public func combine(
    _ coefficients: ArraySlice<Double>, from first: Int = 0, into result: inout [Double]
  ) {
    precondition(
      first >= 0 && first + coefficients.count <= capacity && result.count >= width,
      "\(coefficients.count) coefficients for \(capacity) rows; "
        + "result of \(result.count) for width \(width)")
    addProduct(coefficients, rows: coefficients.count, CblasNoTrans, from: first, to: &result)
  }

  /// q_r += row_r . x over the first `rows` rows.
  public func addProducts(with vector: [Double], rows: Int, to result: inout [Double]) {
    precondition(
      rows <= capacity && vector.count >= width && result.count >= rows,
      "\(rows) rows of \(capacity); vector of \(vector.count) for width \(width)")
    addProduct(vector[0..<width], rows: rows, CblasTrans, to: &result)
  }

  /// y_k += sum_r c_kr row_(first + r) for several k at once, with equally many coefficients in
  /// each.
  ///
  /// The block is read once for every four k, or is a factor in one product of matrices.
  public func combine(
    _ coefficients: [[Double]], from first: Int = 0, into results: inout [[Double]]
  ) {
    guard coefficients.count > 1 else {
      combine(coefficients[0][...], from: first, into: &results[0])
      return
    }
    let rows = coefficients[0].count
    precondition(
      coefficients.allSatisfy { $0.count == rows } && results.count == coefficients.count
        && results.allSatisfy { $0.count >= width },
      "\(coefficients.map(\.count)) coefficients for \(capacity) rows")
    var sums = Vectors(count: coefficients.count, length: width)
    combine(Vectors(coefficients, length: rows), from: first, into: &sums)
    for k in 0..<sums.count { DenseVector.add(sums[k], to: &results[k]) }
  }

  /// The same for sums that lie one behind the other.
  public func combine(_ coefficients: Vectors, from first: Int = 0, into sums: inout Vectors) {
    let rows = coefficients.length
    precondition(
      first >= 0 && first + rows <= capacity && sums.count == coefficients.count
        && sums.length == width,
      "\(coefficients.count) times \(rows) coefficients for \(sums.count) sums of \(sums.length)")
    addProducts(coefficients, rows: rows, CblasNoTrans, from: first, to: &sums)
  }

  /// q_kr += row_r . x_k over the first `rows` rows for several k at once; see `combine`.
  public func addProducts(
    with vectors: [[Double]], rows: Int, to results: inout [[Double]]
  ) {
    guard vectors.count > 1 else {
      addProducts(with: vectors[0], rows: rows, to: &results[0])
      return
    }
    precondition(
      vectors.allSatisfy { $0.count >= width } && results.count == vectors.count
        && results.allSatisfy { $0.count >= rows },
      "\(rows) rows of \(capacity)")
    var sums = Vectors(count: vectors.count, length: rows)
    addProducts(with: Vectors(vectors, length: width), to: &sums)
    for k in 0..<sums.count { DenseVector.add(sums[k], to: &results[k]) }
  }

  /// The same for as many rows as the sums have entries, which lie one behind the other.
  public func addProducts(with vectors: Vectors, to sums: inout Vectors) {
    precondition(
      sums.length <= capacity && vectors.length == width && sums.count == vectors.count,
      "\(sums.count) times \(sums.length) rows of \(capacity); \(vectors.count) vectors")
    addProducts(vectors, rows: sums.length, CblasTrans, to: &sums)
  }

  /// sums_k += x_k (block or its transpose), in the precision of the block.
  private func addProducts(
    _ vectors: Vectors, rows: Int, _ transpose: CBLAS_TRANSPOSE, from first: Int = 0,
    to sums: inout Vectors
  ) {
    guard rows > 0, vectors.count > 0 else { return }
    let (count, inner, outer) = (vectors.count, vectors.length, sums.length)
    switch storage {
    case .double(let entries):
      unsafe entries.withUnsafeBufferPointer { a in
        unsafe vectors.values.withUnsafeBufferPointer { x in
          unsafe sums.values.withUnsafeMutableBufferPointer { y in
            guard let base = a.baseAddress, let x = x.baseAddress, let y = y.baseAddress else {
              return
            }
            let a = unsafe base.advanced(by: first * width)
            guard count <= Self.fewVectors else {
              unsafe cblas_dgemm(
                CblasRowMajor, CblasNoTrans, transpose, Int32(count), Int32(outer), Int32(inner), 1,
                x, Int32(inner), a, Int32(width), 1, y, Int32(outer))
              return
            }
            for k in stride(from: 0, to: count, by: Self.vectorsPerPass) {
              let vectors = Int32(min(Self.vectorsPerPass, count - k))
              let (x, y) = unsafe (x.advanced(by: k * inner), y.advanced(by: k * outer))
              if transpose == CblasTrans {
                unsafe dmft_dots(vectors, rows, width, a, x, y)
              } else {
                unsafe dmft_sums(vectors, rows, width, a, x, y)
              }
            }
          }
        }
      }
    case .single(let entries):
      let x = vectors.values.map { Float($0) }
      var products = [Float](repeating: 0, count: count * outer)
      unsafe entries.withUnsafeBufferPointer { a in
        unsafe x.withUnsafeBufferPointer { x in
          unsafe products.withUnsafeMutableBufferPointer { y in
            unsafe cblas_sgemm(
              CblasRowMajor, CblasNoTrans, transpose, Int32(count), Int32(outer), Int32(inner), 1,
              x.baseAddress, Int32(inner), a.baseAddress?.advanced(by: first * width), Int32(width),
              0, y.baseAddress, Int32(outer))
          }
        }
      }
      for i in products.indices { sums.values[i] += Double(products[i]) }
    }
  }

  /// result += (block or its transpose) x vector, in the precision of the block.
  private func addProduct(
    _ vector: ArraySlice<Double>, rows: Int, _ transpose: CBLAS_TRANSPOSE, from first: Int = 0,
    to result: inout [Double]
  ) {
    guard rows > 0 else { return }
    switch storage {
    case .double(let entries):
      unsafe entries.withUnsafeBufferPointer { a in
        unsafe vector.withUnsafeBufferPointer { x in
          unsafe result.withUnsafeMutableBufferPointer { y in
            unsafe cblas_dgemv(
              CblasColMajor, transpose, Int32(width), Int32(rows), 1,
              a.baseAddress?.advanced(by: first * width), Int32(width),
              x.baseAddress, 1, 1, y.baseAddress, 1)
          }
        }
      }
    case .single(let entries):
      let x = vector.map { Float($0) }
      let length = transpose == CblasTrans ? rows : width
      var sums = [Float](repeating: 0, count: length)
      unsafe entries.withUnsafeBufferPointer { a in
        unsafe x.withUnsafeBufferPointer { x in
          unsafe sums.withUnsafeMutableBufferPointer { y in
            unsafe cblas_sgemv(
              CblasColMajor, transpose, Int32(width), Int32(rows), 1,
              a.baseAddress?.advanced(by: first * width), Int32(width),
              x.baseAddress, 1, 0, y.baseAddress, 1)
          }
        }
      }
      for i in 0..<length { result[i] += Double(sums[i]) }
    }
  }
}
