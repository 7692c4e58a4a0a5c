/// How steady states are sampled, where they have no closed form.
public struct StationarySettings: Sendable {
  /// N, trajectories of one batch, at least 100.
  public var trajectories: Int
  /// Independent solves, whose spread is the error bar; at least 2.
  public var batches: Int
  /// The seed of all random numbers.
  public var seed: UInt64
  /// Whether what has a closed form is sampled, too.
  public var alwaysSamples: Bool

  /// Creates settings; see the properties.
  public init(
    trajectories: Int = 4000, batches: Int = 8, seed: UInt64 = 1, alwaysSamples: Bool = false
  ) {
    precondition(
      trajectories >= 100 && batches >= 2,
      "trajectories must be >= 100 and batches >= 2, got \(trajectories) and \(batches)")
    self.trajectories = trajectories
    self.batches = batches
    self.seed = seed
    self.alwaysSamples = alwaysSamples
  }
}
