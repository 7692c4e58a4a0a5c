public import LearningProblem
public import NumericalKit

/// Solves the dynamical mean-field theory of a problem.
public protocol TheorySolver: Sendable {
  /// Bytes that a solve holds at its biggest moment, estimated to 20 % where it is large.
  var memory: Double { get }
  /// How many independent solves there are, each with random numbers of its own.
  var batches: Int { get }
  /// Solves, and reports progress and, before each march, what it costs.
  ///
  /// - Parameters:
  ///   - chosen: the numbers of the batches, from 0; nil solves all.
  ///   - parts: keeps finished batches.
  ///   - progress: hears the fraction done, 0 to 1, from any thread.
  ///   - cost: hears what a march costs before it begins.
  func solve(
    _ chosen: Range<Int>?, parts: any PartKeeper, progress: ProgressReport?, cost: CostReport?
  ) throws -> Solution
  /// The names under which batches are kept; with `time.tolerance` those of the first two marches.
  func partNames(of chosen: Range<Int>?) -> [String]
}

extension TheorySolver {
  /// Solves, and reports progress, by default to nobody.
  public func solve(progress: ProgressReport? = nil) throws -> Solution {
    try solve(nil, parts: NothingKept(), progress: progress, cost: nil)
  }
}

extension Problem {
  /// The solver for its kind of time: steps or a flow.
  ///
  /// - Parameters: see `MeanFieldSolver`.
  /// - Throws: a `Mismatch` of the problem, `SolverError.unsupported` for what the theory here
  ///   does not cover.
  public func theorySolver(
    _ settings: TheorySettings = TheorySettings(), paths: Range<Int> = 0..<1,
    keepKernels: Bool = false,
    parallel: ParallelFor = ParallelFor()
  ) throws -> any TheorySolver {
    timing.flow == nil
      ? try MeanFieldSolver(
        self, settings, paths: paths, keepKernels: keepKernels, parallel: parallel)
      : try FlowSolver(self, settings, keepKernels: keepKernels, parallel: parallel)
  }
}
