public import LearningProblem
public import NumericalKit

/// What one run of the training is made from: what happens at each step, how it is measured, and
/// the streams of random numbers that belong to its number.
public struct RunPlan: Sendable {
  /// What happens at each step.
  public let dynamics: Dynamics
  /// How it is measured.
  public let settings: TrainingSettings
  /// d, the number of inputs.
  public let dimension: Int
  /// Which coordinates belong to which group of inputs.
  public let layout: InputLayout
  /// The index of its random numbers, from 0.
  public let run: Int

  /// Plans run number `run` in d = `dimension`.
  public init(_ dynamics: Dynamics, _ settings: TrainingSettings, dimension: Int, run: Int) {
    self.dynamics = dynamics
    self.settings = settings
    self.dimension = dimension
    layout = InputLayout(dynamics.groups, dimension: dimension)
    self.run = run
  }

  /// The random numbers of this run that serve `purpose`.
  public func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
    RandomStream(seed: settings.seed, purpose: purpose, index: UInt64(run))
  }

  /// Those of cluster number `cluster` alone, none of which are those of the run.
  func stream(_ purpose: RandomStream.Purpose, cluster: Int) -> RandomStream {
    RandomStream(
      seed: settings.seed, purpose: purpose, index: UInt64(run) | UInt64(cluster + 1) << 40)
  }
}
