internal import CNumerics

/// A dense row-major matrix of Doubles, for products by BLAS.
public struct DenseMatrix: Sendable, Equatable {
  /// Number of rows.
  public let rows: Int
  /// Number of columns.
  public let columns: Int
  /// Entry (i, j) at i columns + j.
  public var values: [Double]

  /// Creates a matrix from rows one behind the other.
  public init(rows: Int, columns: Int, values: [Double]) {
    precondition(
      rows >= 1 && columns >= 1 && values.count == rows * columns,
      "\(values.count) values for \(rows) x \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// A row.
  public subscript(row: Int) -> ArraySlice<Double> {
    values[row * columns..<(row + 1) * columns]
  }

  /// An entry.
  public subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// AᵀA, columns x columns: 2 rows columns² operations.
  public func gram() -> DenseMatrix { Self.product(self, transposed: true, self) }

  /// A B: 2 rows columns B.columns operations.
  public func times(_ other: DenseMatrix) -> DenseMatrix {
    Self.product(self, transposed: false, other)
  }

  /// Tr A, of a square matrix.
  public var trace: Double { (0..<rows).reduce(0) { $0 + self[$1, $1] } }

  private static func product(
    _ a: DenseMatrix, transposed: Bool, _ b: DenseMatrix
  ) -> DenseMatrix {
    let (m, k) = transposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(k == b.rows && Libraries.ready, "a product of \(k) columns with \(b.rows) rows")
    var result = [Double](repeating: 0, count: m * b.columns)
    unsafe a.values.withUnsafeBufferPointer { x in
      unsafe b.values.withUnsafeBufferPointer { y in
        unsafe result.withUnsafeMutableBufferPointer { z in
          unsafe cblas_dgemm(
            CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, Int32(m),
            Int32(b.columns), Int32(k), 1, x.baseAddress, Int32(a.columns), y.baseAddress,
            Int32(b.columns), 0, z.baseAddress, Int32(b.columns))
        }
      }
    }
    return DenseMatrix(rows: m, columns: b.columns, values: result)
  }
}
