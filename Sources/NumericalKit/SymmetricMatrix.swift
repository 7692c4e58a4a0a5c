/// A small symmetric matrix and functions of it, by its eigenvectors.
///
/// It is made for a few rows: every function of it costs some n³ operations and an allocation.
public struct SymmetricMatrix: Sendable, Equatable {
  /// n.
  public let size: Int
  /// Entry (i, j) at i n + j.
  public private(set) var entries: [Double]

  /// Creates an n x n matrix from its rows one behind the other; only their mean with the transpose
  /// counts.
  public init(size: Int, entries: [Double]) {
    precondition(size >= 1 && entries.count == size * size, "\(entries.count) entries of \(size)²")
    self.size = size
    self.entries = (0..<size * size).map { index in
      0.5 * (entries[index] + entries[index % size * size + index / size])
    }
  }

  /// `value` times the identity.
  public init(size: Int, diagonal value: Double) {
    self.init(
      size: size, entries: (0..<size * size).map { $0 / size == $0 % size ? value : 0 })
  }

  /// Σ_a weights_a points_a points_aᵀ.
  public init(size: Int, moments points: [[Double]], weights: [Double]) {
    var entries = [Double](repeating: 0, count: size * size)
    for (point, weight) in zip(points, weights) {
      for i in 0..<size {
        for j in 0..<size { entries[i * size + j] += weight * point[i] * point[j] }
      }
    }
    self.init(size: size, entries: entries)
  }

  /// Entry (i, j).
  public subscript(i: Int, j: Int) -> Double { entries[i * size + j] }

  /// Σ_i A_ii.
  public var trace: Double { (0..<size).reduce(0) { $0 + self[$1, $1] } }

  /// A x.
  public func times(_ x: [Double]) -> [Double] {
    (0..<size).map { i in (0..<size).reduce(0) { $0 + self[i, $1] * x[$1] } }
  }

  /// A + B.
  public static func + (left: Self, right: Self) -> Self {
    Self(size: left.size, entries: zip(left.entries, right.entries).map { $0 + $1 })
  }

  /// c A.
  public static func * (factor: Double, matrix: Self) -> Self {
    Self(size: matrix.size, entries: matrix.entries.map { factor * $0 })
  }

  /// tr A B.
  public func traceOfProduct(_ other: Self) -> Double {
    zip(entries, other.entries).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Eigenvalues, ascending, and the orthonormal eigenvector of each.
  public func eigen() -> (values: [Double], vectors: [[Double]]) {
    let problem = SymmetricEigenproblem(
      DenseMatrix(rows: size, columns: size, values: entries))
    return (problem.values, (0..<size).map { Array(problem.vectors[$0]) })
  }

  /// f(A): the same eigenvectors, f of each eigenvalue.
  public func applying(_ function: (Double) -> Double) -> Self {
    let (values, vectors) = eigen()
    return Self(size: size, moments: vectors, weights: values.map(function))
  }
}
