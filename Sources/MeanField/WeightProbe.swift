internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Sampled weights that follow known kernels, for what needs their distribution.
struct WeightProbe: Sendable {
  /// What has been spent at times 0...T.
  let energy: [SynapticEnergy]
  /// The weights at the last time.
  let histogram: WeightHistogram?

  /// Follows the kernels of a finished march; `onStep` is told each step.
  init(
    _ problem: Problem, _ samples: SampleKernels, _ weights: WeightKernels, batch: Int,
    parallel: ParallelFor,
    onStep: (Int) -> Void
  ) {
    var site = EnsembleWeightSite(problem, batch: batch, parallel: parallel)
    var spent = SynapticEnergy()
    var energy = [spent]
    for t in 0..<problem.grid.steps {
      spent.add(
        site.follow(
          samples, pull: problem.weightPull(covariance: weights.covariance(at: t)),
          learning: weights.learning[t], at: t))
      energy.append(spent)
      onStep(t + 1)
    }
    self.energy = energy
    histogram = site.histogram
  }
}
