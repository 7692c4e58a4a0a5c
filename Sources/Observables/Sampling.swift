/// How what has no closed form is sampled: by the march, and in steady states.
public struct Sampling: Sendable, Equatable {
  /// N, trajectories of one batch, at least 100.
  public var trajectories: Int
  /// Independent solves, whose spread is the error bar; at least 2.
  public var batches: Int
  /// The seed of all random numbers.
  public var seed: UInt64

  /// Creates a way of sampling; see the properties.
  public init(trajectories: Int = 4000, batches: Int = 8, seed: UInt64 = 1) {
    precondition(
      trajectories >= 100 && batches >= 2,
      "trajectories must be >= 100 and batches >= 2, got \(trajectories) and \(batches)")
    self.trajectories = trajectories
    self.batches = batches
    self.seed = seed
  }
}
