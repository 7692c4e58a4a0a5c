internal import LearningProblem

/// How a sum of observables depends on what the learning rule does at each step.
/// `[gradient.controls]`
///
/// Derivatives have one entry per step, 0..<T, and are by numbers of that step alone. Those of
/// densities that are 1 are by densities below 1, of switches that are drawn anew.
public struct ControlGradient: Sendable, Equatable {
  /// The sum.
  public let value: Double
  /// By η_t as the user sets it: what follows from it, follows.
  public let learningRate: [Double]
  /// By λ_t.
  public let weightDecay: [Double]
  /// By b_t as the user sets it: σ_t = 1/b_t and the correlation of a persistent mask with a
  /// persistence time follow. Nil for epochs, whose density is not one of a step, and where the sum
  /// has error or activity of full batches, which are not known of others.
  public let sampleDensity: [Double]?
  /// By p_t as the user sets it, likewise. Nil where the sum has lengths of changes, which are not
  /// known under a weight mask.
  public let weightDensity: [Double]?
  /// With all other numbers held fixed.
  public let partial: Partial

  /// Derivatives with all other numbers of the march held fixed.
  public struct Partial: Sendable, Equatable {
    /// By η_t.
    public var learningRate: [Double]
    /// By λ_t.
    public var weightDecay: [Double]
    /// By σ_t, the strength of a mini-batch.
    public var gradientScale: [Double]
    /// By b_t; nil as above.
    public var sampleDensity: [Double]?
    /// By p_t; nil as above.
    public var weightDensity: [Double]?
    /// By r_t, the correlation of the samples' switches at t with those of the step before; nil
    /// where they are drawn anew or are no chain. The first one is 0.
    public var sampleCorrelation: [Double]?
    /// By ρ_t, the correlation of the weights' switches into step t; nil where they are drawn anew.
    public var weightCorrelation: [Double]?
  }

  /// Turns partial derivatives into those by numbers of the problem file.
  init(value: Double, _ partial: Partial, _ dynamics: Dynamics) {
    self.value = value
    self.partial = partial
    weightDecay = partial.weightDecay
    let rule = dynamics.rule
    var rates = partial.learningRate
    var samples = partial.sampleDensity
    if rule.gradientScale == .mean, let densities = samples {
      samples = densities.enumerated().map { t, derivative in
        let b = dynamics.sampleSwitches.density(at: t)
        return derivative - partial.gradientScale[t] / (b * b)
      }
    }
    var weights = partial.weightDensity
    if let time = rule.sampleMask.timeConstant, let correlation = partial.sampleCorrelation {
      dynamics.sampleSwitches.follow(correlation, time: time, densities: &samples, rates: &rates)
    }
    if let time = rule.weightMask.timeConstant, let correlation = partial.weightCorrelation {
      dynamics.weightSwitches.follow(correlation, time: time, densities: &weights, rates: &rates)
    }
    learningRate = rates
    sampleDensity = samples
    weightDensity = weights
  }
}

extension SwitchLaw {
  /// Adds what densities and rates do through r_t = (b_t - η_t-1/τ)/b_t-1. `[schedule.switch]`
  fileprivate func follow(
    _ correlation: [Double], time: Double, densities: inout [Double]?, rates: inout [Double]
  ) {
    for t in correlation.indices.dropFirst() where density(at: t) < 1 {
      let before = density(at: t - 1)
      densities?[t] += correlation[t] / before
      densities?[t - 1] -= correlation[t] * (self.correlation(into: t) ?? 0) / before
      rates[t - 1] -= correlation[t] / (time * before)
    }
  }
}
