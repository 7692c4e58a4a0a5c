internal import NumericalKit

/// The Cholesky factor of a K x K covariance that may be singular.
struct SmallFactor {
  private var factor: GrowingCholesky
  private let size: Int

  init(_ matrix: [[Double]]) {
    size = matrix.count
    factor = GrowingCholesky(capacity: size, tolerance: 1e-10)
    for (k, row) in matrix.enumerated() { factor.append(row[0..<k], diagonal: max(row[k], 0)) }
  }

  init(square: [Double], size: Int) {
    self.init((0..<size).map { Array(square[$0 * size..<($0 + 1) * size]) })
  }

  /// A⁻¹ x, on the range of A.
  func solve(_ x: [Double]) -> [Double] {
    var solution = x
    factor.solve(&solution)
    return solution
  }

  /// L (other L)⁻¹, row by row.
  func dividing(_ other: SmallFactor) -> [[Double]] {
    (0..<size).map { k in
      var row = factor.row(k) + [Double](repeating: 0, count: size - k - 1)
      other.factor.backward(&row)
      return row
    }
  }

  /// The matrix L (1 + θ D) Lᵀ with D = L⁻¹ matrix L⁻ᵀ - 1 and the largest θ <= 1 for which |θ D|
  /// is at most `reach`: positive and comparable with A, and `matrix` itself if that is so already.
  func nearest(to matrix: [[Double]], reach: Double = 0.4) -> [[Double]] {
    var difference = congruent(matrix) { factor.forward(&$0) }
    for k in 0..<size where !factor.isDropped(k) { difference[k][k] -= 1 }
    let norm = difference.reduce(0.0) { $0 + DenseVector.dot($1, $1) }.squareRoot()
    let shrink = norm > reach ? reach / norm : 1
    var scaled = difference.map { row in row.map { shrink * $0 } }
    for k in 0..<size { scaled[k][k] += 1 }
    return congruent(scaled) { $0 = factor.multiply($0) }
  }

  /// B M Bᵀ for symmetric M, `apply` being x := B x.
  private func congruent(_ matrix: [[Double]], _ apply: (inout [Double]) -> Void) -> [[Double]] {
    func onColumns(_ rows: [[Double]]) -> [[Double]] {  // (B Mᵀ)ᵀ = M Bᵀ
      rows.map { row in
        var result = row
        apply(&result)
        return result
      }
    }
    let half = onColumns(matrix)
    let transposed = (0..<size).map { k in half.map { $0[k] } }
    return onColumns(transposed)
  }
}
