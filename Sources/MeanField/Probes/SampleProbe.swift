internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Sampled data points that follow the kernels of a finished march, for what needs the distribution
/// of their fields: training error and activity of the square loss under a sample mask.
/// `[sampling.probe]`
struct SampleProbe: Sendable {
  /// Errors, or data points without, that Gaussian fields would have to give at least for the error
  /// to be controlled: controls could make less than nothing of a few events. What was sampled
  /// must not decide it. `[sampling.controls]`
  private static let fewestEvents = 20.0

  /// P(y h < 0) at times 0...T.
  let errors: [Double]
  /// E[s |h|] at times 0..<T.
  let activities: [Double]

  /// Bytes of one group at work, and of what all groups find.
  static func bytes(
    _ dynamics: Dynamics, _ settings: TheorySettings
  ) -> (group: Double, found: Double) {
    let (steps, pairs) = (dynamics.grid.steps, ProbeGroups.width / 2)
    let number = ProbeGroups.number(settings.sampling.trajectories, width: pairs)
    return (
      BlockedHistory.bytes(rows: steps + 1, width: pairs)
        + BlockedHistory.bytes(rows: steps, width: 2 * pairs),
      Double(number) * Double(2 * steps + 1) * ControlledSums.bytes
        + 24 * Double(settings.sampling.trajectories)  // clusters, labels, signals of pairs
    )
  }

  /// Draws N pairs of trajectories of batch `batch` in groups and follows them; `onStep` is told T
  /// steps.
  init(
    _ dynamics: Dynamics, _ settings: TheorySettings, _ kernels: Kernels, batch: Int,
    parallel: ParallelFor, onStep: @escaping @Sendable () throws -> Void
  ) throws {
    let pairs = settings.sampling.trajectories
    let sampler = SampleGroup.Sampler(
      dynamics, seed: settings.sampling.seed, pairs: pairs, batch: batch)
    let groups = try ProbeGroups.follow(
      pairs, width: ProbeGroups.width / 2, steps: dynamics.grid.steps, parallel: parallel,
      onStep: onStep
    ) { number, members in
      var group = SampleGroup(dynamics, kernels, sampler, number: number, members: members)
      return group.follow()
    }
    errors = ProbeGroups.means(groups.map(\.errors)).enumerated().map { t, mean in
      let gaussian = kernels.gaussianErrors[t]
      let isRare = Double(pairs) * min(gaussian, 1 - gaussian) < Self.fewestEvents
      return isRare ? mean.plain : mean.estimate(deviations: kernels.errorDeviations(t))
    }
    activities = ProbeGroups.means(groups.map(\.activities)).enumerated().map { t, mean in
      mean.estimate(deviations: kernels.activityDeviations(t))
    }
  }
}
