public import NumericalKit

/// A linear map under which points have the unit covariance within their classes. `[fit.whiten]`
///
/// Coordinates are those of the principal axes. Axes without variance are left out. With no more
/// degrees of freedom than dimensions the covariance is first shrunk towards a multiple of the unit
/// matrix (Ledoit and Wolf, J. Multivariate Anal. 88, 365 (2004)).
public struct Whitening: Sendable {
  /// Old dimension x new dimension.
  public let map: DenseMatrix
  /// Weight of the unit matrix in the covariance; 0 unless there are too few points.
  public let shrinkage: Double

  /// The whitening of points whose deviations from the means of their classes are the rows of
  /// `residuals`; `freedom` is the number of points minus that of classes, at least 1.
  public init(residuals: DenseMatrix, freedom: Int) {
    let d = residuals.columns
    var covariance = residuals.gram()
    covariance.values = covariance.values.map { $0 / Double(freedom) }
    var shrinkage = 0.0
    if freedom <= d {
      let mean = covariance.trace / Double(d)
      let square = covariance.values.reduce(0) { $0 + $1 * $1 }
      let dispersion = square - mean * mean * Double(d)
      var fourth = 0.0
      for row in 0..<residuals.rows {
        let length = residuals[row].reduce(0) { $0 + $1 * $1 }
        fourth += length * length
      }
      let count = Double(residuals.rows)
      let noise = max(fourth / count - square, 0) / count
      shrinkage = dispersion > 0 ? min(noise / dispersion, 1) : 1
      covariance.values = covariance.values.map { $0 * (1 - shrinkage) }
      for j in 0..<d { covariance.values[j * (d + 1)] += shrinkage * mean }
    }
    let spectrum = SymmetricEigenproblem(covariance)
    let largest = spectrum.values.last ?? 0
    let kept = spectrum.values.indices.filter { spectrum.values[$0] > 1e-10 * largest }.reversed()
    var values = [Double](repeating: 0, count: d * kept.count)
    for (column, i) in kept.enumerated() {
      for j in 0..<d {
        values[j * kept.count + column] =
          spectrum.vectors[i, j] / spectrum.values[i].squareRoot()
      }
    }
    map = DenseMatrix(rows: d, columns: kept.count, values: values)
    self.shrinkage = shrinkage
  }
}
