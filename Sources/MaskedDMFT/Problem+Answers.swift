public import LearningProblem
public import MeanField
public import NumericalKit
public import Observables
public import Training

extension Problem {
  /// The answer of the theory, in steps or in continuous time.
  ///
  /// - Parameters:
  ///   - settings: how it is solved.
  ///   - paths: the numbers of the paths of the hidden units, where a mask draws these, over which
  ///     results are averaged. `[mask.units]`
  ///   - keepKernels: whether the solution holds the kernels and their errors.
  ///   - parallel: threads to use.
  /// - Throws: a `Mismatch` of the problem, a `SolverError`.
  public func solve(
    _ settings: TheorySettings = TheorySettings(), paths: Range<Int> = 0..<1,
    keepKernels: Bool = false, parallel: ParallelFor = ParallelFor()
  ) throws -> Solution {
    try theorySolver(settings, paths: paths, keepKernels: keepKernels, parallel: parallel).solve()
  }

  /// The answer of training, on actual samples and weights.
  ///
  /// - Parameters:
  ///   - settings: how it is trained.
  ///   - dimension: d; nil for that of the settings. Real data have their own.
  ///   - paths: see `solve`; the same paths as there.
  ///   - parallel: threads to use.
  /// - Throws: a `Mismatch` of the problem or of the settings with it, a `SolverError`.
  public func train(
    _ settings: TrainingSettings = TrainingSettings(), dimension: Int? = nil,
    paths: Range<Int> = 0..<1, parallel: ParallelFor = ParallelFor()
  ) throws -> TrainingResult {
    TrainingResult(
      try DirectTraining(self, settings, paths: paths, parallel: parallel)
        .recordings(dimension: dimension))
  }

  /// The same as `solve` without progress, on a thread of its own: the task that waits can be
  /// cancelled, and nothing else has to wait for it.
  ///
  /// - Parameters:
  ///   - settings: how it is solved.
  ///   - paths: the numbers of the paths of the hidden units.
  ///   - keepKernels: whether the solution holds the kernels and their errors.
  ///   - parallel: threads to use.
  ///   - progress: is told how far it is; what it throws stops the work.
  /// - Throws: also `CancellationError`, within a step of the task's cancellation.
  public func solve(
    _ settings: TheorySettings = TheorySettings(), paths: Range<Int> = 0..<1,
    keepKernels: Bool = false, parallel: ParallelFor = ParallelFor(),
    progress: @escaping ProgressReport
  ) async throws -> Solution {
    try await BlockingWork.run(progress) { report in
      try theorySolver(settings, paths: paths, keepKernels: keepKernels, parallel: parallel)
        .solve(progress: report)
    }
  }

  /// The same as `train` without progress, on a thread of its own; see `solve` with progress.
  public func train(
    _ settings: TrainingSettings = TrainingSettings(), dimension: Int? = nil,
    paths: Range<Int> = 0..<1, parallel: ParallelFor = ParallelFor(),
    progress: @escaping ProgressReport
  ) async throws -> TrainingResult {
    try await BlockingWork.run(progress) { report in
      TrainingResult(
        try DirectTraining(self, settings, paths: paths, parallel: parallel)
          .recordings(dimension: dimension, progress: report))
    }
  }
}

extension Solution {
  /// The distance of this theory from training, or from training extrapolated to d → ∞.
  /// `[compare.criterion]`
  public func compared(to training: some Answer) -> Comparison {
    Comparison(theory: curves, training: training.curves)
  }
}
