internal import CNumerics

/// A square matrix of which only the entries (a, c), c <= a, count: rows of 1, 2, 3 ... Doubles.
///
/// What goes through it touches each row once, so that several products cost little more than one.
public struct LowerTriangle: Sendable {
  /// The number of rows.
  public let rows: Int
  private var values: [Double]

  /// Bytes of a triangle of so many rows.
  public static func bytes(rows: Int) -> Double { 4 * Double(rows) * Double(rows + 1) }

  /// Zeros.
  public init(rows: Int) {
    precondition(rows >= 0 && Libraries.ready, "\(rows) rows")
    self.rows = rows
    values = [Double](repeating: 0, count: Self.start(rows))
  }

  /// The entries of a kernel on and below its diagonal.
  public init(_ kernel: TwoTimeKernel) {
    self.init(rows: kernel.count)
    for a in 0..<rows { self[row: a] = Array(kernel.row(a, width: a + 1)) }
  }

  /// Where a row starts.
  private static func start(_ row: Int) -> Int { row * (row + 1) / 2 }

  /// The entry (a, c), c <= a.
  public subscript(a: Int, c: Int) -> Double {
    get { values[Self.start(a) + c] }
    set { values[Self.start(a) + c] = newValue }
  }

  /// Row a, a + 1 numbers.
  public subscript(row a: Int) -> [Double] {
    get { Array(values[Self.start(a)..<Self.start(a + 1)]) }
    set {
      precondition(newValue.count == a + 1, "\(newValue.count) numbers for row \(a)")
      values.replaceSubrange(Self.start(a)..<Self.start(a + 1), with: newValue)
    }
  }

  /// Row a += factor x.
  public mutating func add(_ factor: Double, _ x: [Double], toRow a: Int) {
    precondition(x.count == a + 1, "\(x.count) numbers for row \(a)")
    let start = Self.start(a)
    for c in x.indices { values[start + c] += factor * x[c] }
  }

  /// A u for each u of `right`, and Aᵀ v for each v of `left`, over the first rows, as many as
  /// vectors have entries; rows before `first` count as 0. Cost 2 operations per entry and vector.
  public func products(
    right: [[Double]], left: [[Double]], first: Int = 0
  ) -> (right: [[Double]], left: [[Double]]) {
    let n = right.first?.count ?? left.first?.count ?? 0
    precondition(
      n <= rows && (right + left).allSatisfy { $0.count == n }, "vectors of \(n) for \(rows) rows")
    let (u, v) = (right.flatMap(\.self), left.flatMap(\.self))
    var products = [Double](repeating: 0, count: u.count)
    var transposed = [Double](repeating: 0, count: v.count)
    unsafe values.withUnsafeBufferPointer { entries in
      unsafe u.withUnsafeBufferPointer { u in
        unsafe transposed.withUnsafeMutableBufferPointer { sums in
          guard let entries = entries.baseAddress else { return }
          for a in first..<max(first, n) {
            let row = unsafe entries + Self.start(a)
            for k in right.indices {
              guard let u = u.baseAddress else { break }
              products[k * n + a] = unsafe cblas_ddot(Int32(a + 1), row, 1, u + k * n, 1)
            }
            for k in left.indices {
              guard let sums = sums.baseAddress else { break }
              unsafe cblas_daxpy(Int32(a + 1), v[k * n + a], row, 1, sums + k * n, 1)
            }
          }
        }
      }
    }
    func parts(_ flat: [Double], _ count: Int) -> [[Double]] {
      (0..<count).map { Array(flat[$0 * n..<($0 + 1) * n]) }
    }
    return (parts(products, right.count), parts(transposed, left.count))
  }

  /// A(a, c) += Σ_k u_k(a) x_k(c) for c <= a, over the first rows, as many as vectors have entries,
  /// from row `first` on. Cost 2 operations per entry and pair.
  public mutating func addProducts(_ pairs: [(u: [Double], x: [Double])], first: Int = 0) {
    let n = pairs.first?.u.count ?? 0
    precondition(
      n <= rows && pairs.allSatisfy { $0.u.count == n && $0.x.count == n },
      "vectors of \(n) for \(rows) rows")
    let columns = pairs.flatMap(\.x)
    unsafe values.withUnsafeMutableBufferPointer { entries in
      unsafe columns.withUnsafeBufferPointer { columns in
        guard let entries = entries.baseAddress, let x = columns.baseAddress else { return }
        for a in first..<max(first, n) {
          for (k, pair) in pairs.enumerated() {
            unsafe cblas_daxpy(
              Int32(a + 1), pair.u[a], x + k * n, 1, entries + Self.start(a), 1)
          }
        }
      }
    }
  }
}
