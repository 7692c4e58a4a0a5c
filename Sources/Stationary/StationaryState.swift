public import Observables

/// A steady state that was found.
public struct StationaryState: Sendable {
  /// m, C, R by lag.
  public var weights: StationaryWeights
  /// μ, S, χ by lag.
  public var gradients: StationaryGradients
  /// Mean loss of the training set.
  public let trainingLoss: Double
  /// Fraction of wrong answers on the training set; nil where it is not known.
  public let trainingError: Double?
  /// Sweeps of the fixed point.
  public let iterations: Int
  /// Relative change of the kernels in the last of them.
  public let residual: Double
}

extension StationaryState {
  /// L, the number of lags.
  public var lags: Int { weights.response.count }
  /// C_f(0), the variance of a weight in time.
  public var fluctuation: Double { weights.correlation[0] }
  /// C(0), the norm.
  public var norm: Double { weights.frozen + fluctuation }
  /// C(τ), the frozen part included.
  public var correlation: [Double] { weights.correlation.map { $0 + weights.frozen } }
  /// S(τ), the frozen part included.
  public var gradientCovariance: [Double] {
    gradients.covariance.map { $0 + gradients.frozen }
  }
  /// E[(w(t+1) - w(t))²].
  public var squaredChange: Double { 2 * (weights.correlation[0] - weights.correlation[1]) }

  /// What fluctuates beside what responds, at all lags. `[stationary.temperature]`
  public var fluctuationDissipation: FluctuationDissipation {
    let (correlation, response) = (weights.correlation, weights.response)
    var sum = 0.0
    let points = response.indices.map { lag in
      sum -= response[lag]
      return FluctuationDissipation.Point(
        displacement: fluctuation - correlation[lag], integratedResponse: sum,
        response: -response[lag],
        firstDisplacement: lag == 0 ? 0 : correlation[lag - 1] - correlation[lag])
    }
    return FluctuationDissipation(points, scale: fluctuation)
  }

  /// -Σ_{s<=τ} R(s), positive: how far a weight follows a constant field.
  /// `[stationary.temperature]`
  public var integratedResponse: [Double] {
    fluctuationDissipation.points.map(\.integratedResponse)
  }

  /// C(0) - C(τ), half the mean square of what a weight moves in τ steps.
  public var displacement: [Double] { fluctuationDissipation.points.map(\.displacement) }

  /// T_eff(τ) = [C(0) - C(τ)] / integrated response, τ >= 1; nan at τ = 0.
  /// `[stationary.temperature]`
  public var temperature: [Double] { fluctuationDissipation.temperature }

  /// X(τ) = -T_eff(1) R(τ) / [C(τ-1) - C(τ)], τ >= 1: 1 in equilibrium; nan where C has stopped.
  /// `[stationary.temperature]`
  public var fluctuationDissipationRatio: [Double] { fluctuationDissipation.ratio }

  /// T_eff over one step.
  public var shortTemperature: Double { fluctuationDissipation.shortTemperature }
  /// T_eff over all lags: C_f(0) over the static response.
  public var longTemperature: Double {
    fluctuation / (integratedResponse.last ?? .nan)
  }

  /// Σ_{τ>=1} τ R(τ) / Σ R: the mean number of steps after which a weight has followed a field.
  public var responseSteps: Double {
    var (moment, total) = (0.0, 0.0)
    for (lag, value) in weights.response.enumerated() {
      moment += Double(lag) * value
      total += value
    }
    return moment / total
  }

  /// 1/2 + Σ_{τ>=1} C_f(τ)/C_f(0): the steps for which fluctuations last; nan where there are none.
  public var correlationSteps: Double {
    guard fluctuation > 0 else { return .nan }
    return weights.correlation.reduce(-0.5 * fluctuation, +) / fluctuation
  }

  /// This state with zeros behind its lags, `lags` in all.
  func resized(_ lags: Int) -> StationaryState {
    var state = self
    let zeros = [Double](repeating: 0, count: max(lags - self.lags, 0))
    state.weights.response += zeros
    state.weights.correlation += zeros
    state.gradients = gradients.resized(lags)
    return state
  }
}
