internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Sampled data points that follow the kernels of a finished march, for what needs the distribution
/// of their fields: training error and activity of the square loss under a sample mask.
/// `[sampling.probe]`
struct SampleProbe: Sendable {
  /// P(y h < 0) at times 0...T.
  let errors: [Double]
  /// E[s |h|] at times 0..<T.
  let activities: [Double]

  /// Draws N pairs of trajectories of batch `batch` in groups and follows them; `onStep` is told T
  /// steps.
  init(
    _ problem: Problem, _ kernels: Kernels, batch: Int, parallel: ParallelFor,
    onStep: @escaping @Sendable (Int) -> Void
  ) {
    let pairs = problem.theory.trajectories
    let sampler = SampleGroup.Sampler(problem, pairs: pairs, batch: batch)
    let groups = Probes.groups(
      of: pairs, width: Probes.groupWidth / 2, steps: problem.grid.steps, parallel: parallel,
      onStep: onStep
    ) { number, members in
      var group = SampleGroup(problem, kernels, sampler, number: number, members: members)
      return group.follow()
    }
    errors = Probes.total(groups.map(\.errors)).enumerated().map { t, sums in
      // Controls could make less than nothing of a few events. How many are few must not depend on
      // chance.
      let gaussian = kernels.gaussianErrors[t]
      return Double(pairs) * min(gaussian, 1 - gaussian) < 20
        ? sums.plain : sums.estimate(deviations: kernels.errorDeviations(t))
    }
    activities = Probes.total(groups.map(\.activities)).enumerated().map { t, sums in
      sums.estimate(deviations: kernels.activityDeviations(t))
    }
  }
}
