/// One data point in a steady state, driven by the weights.
protocol StationarySampleSite {
  /// μ, S, χ of data points that see the fields of `weights`.
  mutating func respond(
    to weights: StationaryWeights, in window: LagWindow
  ) throws -> StationaryGradients
  /// The training set, after `respond` at the fixed point.
  func observe(_ weights: StationaryWeights, in window: LagWindow) -> TrainingAverages
  /// Relative change of the kernels at which a fixed point is found.
  var tolerance: Double { get }
  /// How much of R and C_f may be left at the end of the window.
  var tailTolerance: Double { get }
}

/// Averages over the training set.
struct TrainingAverages: Sendable {
  /// Mean loss per sample.
  var loss: Double
  /// Fraction of wrong answers; nil where it is not known.
  var error: Double?
}
