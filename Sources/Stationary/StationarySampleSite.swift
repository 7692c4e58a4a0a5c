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
  /// How much of R, and of C_f where that is exact, may be left at the end of the window.
  var tailTolerance: Double { get }
  /// Whether the tail of C_f is free of sampling noise.
  var isExact: Bool { get }
  /// Lags of the first window, and of the last: powers of two.
  var firstWindow: Int { get }
  /// See `firstWindow`.
  var lastWindow: Int { get }
}

extension StationarySampleSite {
  var isExact: Bool { true }
  var firstWindow: Int { FixedPointSearch.firstWindow }
  var lastWindow: Int { 1 << 16 }
}

/// Averages over the training set.
struct TrainingAverages: Sendable {
  /// Mean loss per sample.
  var loss: Double
  /// Fraction of wrong answers; nil where it is not known.
  var error: Double?
}
