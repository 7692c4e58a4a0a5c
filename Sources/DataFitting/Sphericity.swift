internal import NumericalKit

/// How uneven the spectrum of scaled covariances is, against that of isotropic Gaussian rows.
/// `[fit.sphericity]`
///
/// Mean and variance are exact for isotropic Gaussian classes of any variances and sizes.
struct Sphericity {
  /// The departure of the pooled covariance, in standard deviations of isotropic rows.
  let pooled: Double
  /// The departures of each class for itself, all together, in standard deviations of isotropic
  /// rows: also seen where unevenness averages out between
  /// classes.
  let byClass: Double

  init(_ classes: ClassCovariances) {
    let d = Double(classes.pooled.columns)
    let laws = classes.freedoms.map { IsotropicLaw(dimension: d, freedom: Double($0)) }
    let total = laws.reduce(0) { $0 + $1.freedom }
    var (excess, variance) = (Self.unevenness(classes.scaled), 0.0)
    var (ownExcess, ownVariance) = (0.0, 0.0)
    for (a, law) in laws.enumerated() {
      let (own, share) = (law.freedom * law.freedom, law.freedom / total)
      excess -= share * share * law.mean
      variance += share * share * share * share * law.variance
      for other in laws[..<a] {
        let weight = share * other.freedom / total
        variance += 8 * weight * weight * (d - 1) * (d + 2) / (law.size * other.size)
      }
      ownExcess += own * (Self.unevenness(classes.matrices[a]) - law.mean)
      ownVariance += own * own * law.variance
    }
    // Variance 0: one dimension, or two rows of each class, which are isotropic or tell nothing.
    pooled = variance > 0 ? excess / variance.squareRoot() : 0
    byClass = ownVariance > 0 ? ownExcess / ownVariance.squareRoot() : 0
  }

  /// d Tr S²/(Tr S)² - 1.
  private static func unevenness(_ matrix: DenseMatrix) -> Double {
    let square = DenseVector.dot(matrix.values, matrix.values)
    return Double(matrix.columns) * square / (matrix.trace * matrix.trace) - 1
  }

  /// Mean and variance of d Tr S²/(Tr S)² - 1 of one isotropic class. `[fit.john]`
  private struct IsotropicLaw {
    /// ν.
    let freedom: Double
    /// ν d + 2.
    let size: Double
    let mean: Double
    let variance: Double

    init(dimension d: Double, freedom nu: Double) {
      freedom = nu
      size = nu * d + 2
      mean = (d - 1) * (d + 2) / size
      variance =
        4 * d * d * (d - 1) * (d + 2) * (nu - 1) * (nu + 2)
        / (size * size * (size + 2) * (size + 4))
    }
  }
}
