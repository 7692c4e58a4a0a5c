internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Sampled data points that follow known kernels, for what needs the distribution of their fields.
struct SampleProbe: Sendable {
  /// The training set at times 0...T.
  let training: [SampleValues]

  /// Follows `weights`, the kernels of a finished march; `onStep` is told each step.
  init(
    _ problem: Problem, _ weights: WeightKernels, batch: Int, parallel: ParallelFor,
    onStep: (Int) -> Void
  ) {
    var site = EnsembleSampleSite(problem, batch: batch, parallel: parallel)
    var training = [SampleValues]()
    for t in 0..<problem.grid.steps {
      let observed = site.observe(weights, at: t)
      training.append(observed.training)
      _ = site.respond(to: observed, weights)
      onStep(t + 1)
    }
    self.training = training + [site.observe(weights, at: problem.grid.steps).training]
  }
}
