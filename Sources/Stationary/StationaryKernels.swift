/// What the weights tell the samples in a steady state: one number per lag τ = t - s.
///
/// C(τ) = C_inf + C_f(τ): a frozen part, the same at all times, and a fluctuating one that decays.
public struct StationaryWeights: Sendable {
  /// m_p = E[w v_p].
  public var magnetisation: [Double]
  /// C_inf.
  public var frozen: Double
  /// C_f(τ), τ = 0 ..< L.
  public var correlation: [Double]
  /// R(τ), τ = 0 ..< L: 0 at τ = 0, then negative at first.
  public var response: [Double]
  /// The largest |R(τ)| / max |R| near the end of the window and at negative lags, where a stable
  /// system has none.
  public var responseTail: Double
  /// The largest |C_f(τ)| near the end of the window, in units of C_f(0) + C_inf/1000.
  public var correlationTail: Double
}

/// What the samples tell the weights in a steady state.
public struct StationaryGradients: Sendable {
  /// μ_p.
  public var drive: [Double]
  /// S_inf, the covariance of what the gradient noise keeps forever.
  public var frozen: Double
  /// S_f(τ), τ = 0 ..< L.
  public var covariance: [Double]
  /// χ(τ), τ = 0 ..< L.
  public var response: [Double]

  /// All numbers in a row, for fixed points: χ, S_f, S_inf, μ.
  var vector: [Double] { response + covariance + [frozen] + drive }

  init(drive: [Double], frozen: Double, covariance: [Double], response: [Double]) {
    self.drive = drive
    self.frozen = frozen
    self.covariance = covariance
    self.response = response
  }

  init(vector: [Double], lags: Int) {
    self.init(
      drive: Array(vector[(2 * lags + 1)...]), frozen: max(vector[2 * lags], 0),
      covariance: Array(vector[lags..<2 * lags]), response: Array(vector[0..<lags]))
  }

  /// These kernels on a window of `lags` lags, zeros behind the old ones.
  func resized(_ lags: Int) -> StationaryGradients {
    func resized(_ kernel: [Double]) -> [Double] {
      Array((kernel + [Double](repeating: 0, count: lags)).prefix(lags))
    }
    return StationaryGradients(
      drive: drive, frozen: frozen, covariance: resized(covariance), response: resized(response))
  }

  /// The largest change of a kernel against `other`, each in units of the largest of its own kind.
  func distance(to other: StationaryGradients) -> Double {
    func change(_ a: [Double], _ b: [Double], scale: Double) -> Double {
      let largest = zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
      return largest == 0 ? 0 : largest / scale
    }
    func size(_ a: [Double]) -> Double { a.reduce(0) { max($0, abs($1)) } }
    return [
      change(response, other.response, scale: size(response)),
      change(covariance, other.covariance, scale: size(covariance) + frozen),
      change([frozen], [other.frozen], scale: size(covariance) + frozen),
      change(drive, other.drive, scale: size(drive)),
    ].reduce(0) { $1.isNaN ? .nan : max($0, $1) }
  }
}
