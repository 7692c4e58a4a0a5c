internal import NumericalKit

/// The covariance of what is Gaussian in the fields of a data point, in units of Δ.
///
/// Both sample sites of the theory and fresh samples share this function of the weights' covariance
/// C and overlaps m: C for a mixture `[site.sample]`, C - m mᵀ for a teacher, whose direction is
/// part of the input `[site.teacher]`; and the noise of the weights in this forward pass, σ² for
/// every field by itself `[site.weightnoise]`, which may change from step to step
/// `[schedule.noise]`. A pass that leaves inputs out adds `dropped` of the equal-time C.
/// `[site.dropout]`
public struct FieldCovariance: Sendable {
  private let teacher: Teacher?
  private let noises: [Double]  // σ² of each step and of the last time, or one for all of them
  /// q⁻¹ - 1, where q is the fraction of the inputs that a learning pass keeps; 0 without dropout.
  public let dropped: Double

  init(teacher: Teacher?, weightNoise: WeightNoise, dropout: Dropout, grid: TimeGrid) {
    self.teacher = teacher
    let sigma = weightNoise.sigma
    let deviations = sigma.constant.map { [$0] } ?? grid.valuesWithLast(of: sigma)
    noises = deviations.map { $0 * $0 }
    dropped = 1 / (1 - dropout.inputs) - 1
  }

  /// The covariance of two different fields (another unit or another time).
  ///
  /// - Parameters:
  ///   - weights: C_kl(t, s).
  ///   - overlaps: m_k(t), P entries.
  ///   - others: m_l(s), P entries.
  public func between(_ weights: Double, _ overlaps: [Double], _ others: [Double]) -> Double {
    guard teacher != nil else { return weights }
    return zip(overlaps, others).reduce(weights) { $0 - $1.0 * $1.1 }
  }

  /// The variance of one field in the forward pass of a step, at least 0: what rounding leaves of
  /// C - m mᵀ counts as nothing.
  public func variance(_ weights: Double, _ overlaps: [Double], at step: Int) -> Double {
    let noise = noises[noises.count == 1 ? 0 : step]
    guard teacher != nil else { return weights + noise }
    let rest = between(weights, overlaps, overlaps)
    return (rest > rounding(weights) ? rest : 0) + noise
  }

  /// How far rounding may move a variance: C - m mᵀ is a difference of numbers of the size of C.
  public func rounding(_ weights: Double) -> Double { teacher == nil ? 0 : 1e-13 * weights }

  /// The Cholesky factor of the covariance of the K fields of one time, K rows; in units of √Δ_a.
  ///
  /// - Parameters:
  ///   - overlaps: m_kp, K rows of P.
  ///   - covariance: C_kl, K x K row-major.
  ///   - step: that of the forward pass.
  public func factor(
    overlaps: [[Double]], covariance: [Double], at step: Int
  ) -> [[Double]] {
    let units = overlaps.count
    var factor = GrowingCholesky(capacity: units, tolerance: 1e-12)
    for k in 0..<units {
      let row = (0..<k).map { between(covariance[k * units + $0], overlaps[k], overlaps[$0]) }
      factor.append(
        row[...], diagonal: max(variance(covariance[k * units + k], overlaps[k], at: step), 0))
    }
    return (0..<units).map { factor.row($0) }
  }
}
