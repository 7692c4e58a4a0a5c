/// How weights change at a step: `[problem.gradient]` and `[problem.update]`.
///
/// The plain rule on all samples and all weights, without decay or noise, is `LearningRule()`.
public struct LearningRule: Sendable {
  /// The convention for the strength σ of a mini-batch's gradient.
  public enum GradientScale: String, Sendable, CaseIterable {
    /// σ = 1: the gradient is a sum over the mini-batch.
    case sum
    /// σ = 1/b: a smaller mini-batch counts each sample more.
    case mean
  }

  /// ψ: how a weight changes, given its gradient.
  public var update: any UpdateRule
  /// λ >= 0, strength of the ridge term λ|w|²/2.
  public var weightDecay: Schedule
  /// Whether σ is 1 or 1/b.
  public var gradientScale: GradientScale
  /// s: which samples count at a step.
  public var sampleMask: any Mask
  /// M: which weights may change at a step.
  public var weightMask: any WeightMask
  /// What samples leave out of a learning pass.
  public var dropout: Dropout
  /// σ_w and its price: noise of the weights in every forward pass.
  public var weightNoise: WeightNoise

  /// Creates a rule; ranges are those of the properties, and checked by `Problem.validate`.
  public init(
    update: any UpdateRule = PlainUpdate(), weightDecay: Schedule = 0.0,
    gradientScale: GradientScale = .sum, sampleMask: any Mask = FullMask(),
    weightMask: any WeightMask = FullMask(), dropout: Dropout = Dropout(),
    weightNoise: WeightNoise = WeightNoise()
  ) {
    self.update = update
    self.weightDecay = weightDecay
    self.gradientScale = gradientScale
    self.sampleMask = sampleMask
    self.weightMask = weightMask
    self.dropout = dropout
    self.weightNoise = weightNoise
  }

  /// The laws of the masks on the steps of `grid`; throws a `Mismatch` about a key of a mask that
  /// has none.
  func laws(
    on grid: TimeGrid
  ) throws(Mismatch) -> (samples: any SwitchLaw, weights: any SwitchLaw) {
    let samples = try Mismatch.about("sample_mask") { () throws(Mismatch) in
      try sampleMask.law(on: grid)
    }
    let weights = try Mismatch.about("weight_mask") { () throws(Mismatch) in
      try weightMask.switches(on: grid)
    }
    return (samples, weights)
  }
}
