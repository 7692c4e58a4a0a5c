internal import NumericalKit

/// χ from correlations with the noise, by Gaussian integration by parts. `[sampling.stein]`
///
///   χ(t, s) = δ_ts α H̄ + α Σ_s' E[e(t) ζ(s')] [C⁻¹](s', s),   e = drift - H̄ ζ(t),
///
/// with the smooth field ζ = Σ_r L_r ε_r. C is numerically singular, so its inverse is Tikhonov's,
/// iterated once: with A = C + ε, ε = 1e-6 diag C, it is A⁻¹ + A⁻¹ ε A⁻¹, whose error is of order ε².
/// What remains unresolved is harmless: χ acts on w, whose covariance is C.
/// Cost O((K t)²) per step.
struct SteinResponse: Sendable {
  private static let regularisation = 1e-6
  private var regularised: GrowingCholesky
  private var shifts: [Double] = []

  init(rows: Int) {
    regularised = GrowingCholesky(capacity: rows, tolerance: 0)
  }

  /// Appends a row of C; `rounding` is the error of its diagonal.
  mutating func append(_ row: ArraySlice<Double>, diagonal: Double, rounding: Double = 0) {
    let shift = max(Self.regularisation * max(diagonal, .leastNormalMagnitude), rounding)
    shifts.append(shift)
    regularised.append(row, diagonal: diagonal + shift)
  }

  /// Row χ_k(t, ·)/α.
  ///
  /// - Parameters:
  ///   - noiseDrift: E[ε_r drift_k] over the rows r up to (t, K - 1).
  ///   - curvature: H̄_kl over l.
  ///   - factor: L.
  func row(
    noiseDrift: ArraySlice<Double>, curvature: [Double], factor: GrowingCholesky
  ) -> [Double] {
    var residual = Array(noiseDrift)  // E[e ε_r]
    let n = residual.count
    let units = curvature.count
    for (l, weight) in curvature.enumerated() {
      DenseVector.add(-weight, factor.row(n - units + l), to: &residual)
    }
    var response = factor.multiply(residual)  // E[e ζ_r]
    regularised.solve(&response)
    var refinement = response.indices.map { shifts[$0] * response[$0] }
    regularised.solve(&refinement)
    DenseVector.add(1, refinement, to: &response)
    for (l, weight) in curvature.enumerated() { response[n - units + l] += weight }
    return response
  }
}
