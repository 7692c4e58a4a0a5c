internal import NumericalKit

/// Lags 0 ..< L of a steady state and the frequencies of a ring of 2L steps that go with them.
///
/// Kernels that have decayed at lag L are on the ring what they are on the line, and there the
/// equations of a steady state are products.
final class LagWindow {
  /// L.
  let lags: Int
  private let transform: RealFourierTransform
  /// exp(i ω), ω = 0 ... π.
  let shift: [Complex]

  init(lags: Int) {
    self.lags = lags
    transform = RealFourierTransform(count: 2 * lags)
    shift = (0...lags).map { Complex(angle: .pi * Double($0) / Double(lags)) }
  }

  /// Σ_τ a(τ) exp(-i ω τ) of a causal kernel.
  func spectrum(_ kernel: [Double]) -> [Complex] { transform.forward(kernel) }

  /// Σ_τ a(|τ|) exp(-i ω τ) over both signs of τ: real.
  func evenSpectrum(_ covariance: [Double]) -> [Double] {
    transform.forward(covariance).map { 2 * $0.re - covariance[0] }
  }

  /// The lags 0 ..< L of a kernel, and its largest entry at negative lags.
  func kernel(_ spectrum: [Complex]) -> (lags: [Double], leak: Double) {
    let ring = transform.inverse(spectrum)
    return (Array(ring.prefix(lags)), ring.suffix(lags).reduce(0) { max($0, abs($1)) })
  }

  /// The lags 0 ..< L of a covariance.
  func covariance(_ power: [Double]) -> [Double] {
    Array(transform.inverse(power).prefix(lags))
  }

  /// The mean of `power` over all frequencies of both signs: the variance that belongs to it.
  func mean(_ power: [Double]) -> Double {
    var sum = 0.5 * (power[0] + power[lags])
    for k in 1..<lags { sum += power[k] }
    return sum / Double(lags)
  }

  /// Σ_{k=0..τ} a(k) b(τ - k).
  func convolution(_ a: [Double], _ b: [Double]) -> [Double] { transform.convolution(a, b) }

  /// Σ_{j>=0} a(τ + j) b(j).
  func correlation(_ a: [Double], _ b: [Double]) -> [Double] { transform.correlation(a, b) }
}
