public import NumericalKit

/// The kernels of a steady state by frequency, on a ring of twice as many steps as there are lags.
///
/// Covariances are of the fluctuating parts: the frozen ones are lines at frequency zero. The mean
/// over all frequencies of both signs is the kernel at lag zero.
public struct StationarySpectra: Sendable {
  /// ω from 0 to π, in radians per step.
  public let frequencies: [Double]
  /// Σ_τ C_f(|τ|) cos ωτ.
  public let correlation: [Double]
  /// Σ_τ R(τ) exp(-iωτ).
  public let response: [Complex]
  /// Σ_τ S_f(|τ|) cos ωτ.
  public let gradientCovariance: [Double]
  /// Σ_τ χ(τ) exp(-iωτ).
  public let gradientResponse: [Complex]

  /// Transforms the kernels of `state`.
  public init(_ state: StationaryState) {
    let window = LagWindow(lags: state.lags)
    frequencies = (0...state.lags).map { .pi * Double($0) / Double(state.lags) }
    correlation = window.evenSpectrum(state.weights.correlation)
    response = window.spectrum(state.weights.response)
    gradientCovariance = window.evenSpectrum(state.gradients.covariance)
    gradientResponse = window.spectrum(state.gradients.response)
  }
}
