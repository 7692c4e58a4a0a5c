internal import CNumerics

/// A = Σ_i λ_i u_i u_iᵀ of a real symmetric matrix, by LAPACK's `dsyev`.
public struct SymmetricEigenproblem: Sendable {
  /// λ_i, ascending.
  public let values: [Double]
  /// u_i in row i, orthonormal; the sign of each is arbitrary.
  public let vectors: DenseMatrix

  /// Diagonalises an n x n matrix, of which the upper triangle is read: about 9 n³ operations, a
  /// second for n = 1000. Entries must be finite.
  public init(_ matrix: DenseMatrix) {
    precondition(
      matrix.rows == matrix.columns && matrix.values.allSatisfy(\.isFinite) && Libraries.ready,
      "a finite square matrix, not \(matrix.rows) x \(matrix.columns)")
    var order = Int32(matrix.rows)
    var entries = matrix.values
    var eigenvalues = [Double](repeating: 0, count: matrix.rows)
    var info: Int32 = 0
    var size = Int32(-1)  // asks for the size of the work space
    var work = [0.0]
    for _ in 0..<2 {
      unsafe entries.withUnsafeMutableBufferPointer { a in
        unsafe eigenvalues.withUnsafeMutableBufferPointer { w in
          unsafe work.withUnsafeMutableBufferPointer { space in
            // Row-major upper is column-major lower; eigenvectors come back as our rows.
            unsafe dsyev_(
              "V", "L", &order, a.baseAddress, &order, w.baseAddress, space.baseAddress, &size,
              &info)
          }
        }
      }
      precondition(info == 0, "dsyev failed with \(info)")
      if size < 0 {
        size = Int32(work[0])
        work = [Double](repeating: 0, count: Int(size))
      }
    }
    values = eigenvalues
    vectors = DenseMatrix(rows: matrix.rows, columns: matrix.rows, values: entries)
  }
}
