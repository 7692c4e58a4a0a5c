public import LearningProblem
public import NumericalKit

/// Solves the dynamical mean-field theory of a problem.
public protocol TheorySolver: Sendable {
  /// Solves; `progress` is told the fraction done, from any thread.
  func solve(progress: (@Sendable (Double) -> Void)?) throws -> Solution
}

extension TheorySolver {
  /// Solves without telling anybody.
  public func solve() throws -> Solution { try solve(progress: nil) }
}

extension Problem {
  /// The solver for its kind of time: steps or a flow.
  ///
  /// - Throws: `SolverError.unsupported` for what the theory here does not cover.
  public func theorySolver(
    keepKernels: Bool = false, parallel: ParallelFor = ParallelFor()
  ) throws -> any TheorySolver {
    flow == nil
      ? try MeanFieldSolver(self, keepKernels: keepKernels, parallel: parallel)
      : try FlowSolver(self, keepKernels: keepKernels, parallel: parallel)
  }
}
