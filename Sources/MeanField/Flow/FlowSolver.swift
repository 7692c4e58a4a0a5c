internal import Foundation
public import LearningProblem
public import NumericalKit
internal import Observables

/// Solves the theory of a problem in continuous time. `[flow.limit]`
///
/// One march with steps h, one with h/2, and the extrapolation of their results to h = 0
/// `[flow.richardson]`; with a tolerance the steps are halved until the results are within it.
/// Standard errors contain the estimated error of the finer march, which bounds that of the
/// extrapolation.
public struct FlowSolver: TheorySolver {
  /// How often steps are halved at most for a tolerance.
  public static let mostHalvings = 12

  /// What is solved.
  public let problem: Problem
  private let flow: Flow
  private let steepness: Double
  private let keepsKernels: Bool
  private let parallel: ParallelFor

  /// Prepares a solver for a problem with a flow; see `MeanFieldSolver`. There are no kernels where
  /// steps grow.
  ///
  /// - Throws: `SolverError.unsupported` for what the theory here does not cover.
  public init(
    _ problem: Problem, keepKernels: Bool = false, parallel: ParallelFor = ParallelFor()
  ) throws {
    guard let flow = problem.flow else {
      preconditionFailure("the time of the problem goes in steps")
    }
    if flow.growth > 0, !(problem.hiddenSwitches?.isFull ?? problem.sampleMask.isFull) {
      throw SolverError.unsupported(
        what: "time.growth: \(flow.growth) with a sample mask, whose "
          + "switches never become smooth",
        instead: "time.growth: 0")
    }
    if flow.growth > 0, problem.steepness == nil {
      throw SolverError.unsupported(
        what:
          "time.growth: \(flow.growth) for loss \(problem.loss.kind) on a \(problem.network.kind) "
          + "network, whose curvature has no known bound",
        instead: "time.growth: 0")
    }
    self.problem = problem
    self.flow = flow
    steepness = problem.steepness ?? 0
    keepsKernels = keepKernels && flow.growth == 0
    self.parallel = parallel
    _ = try march(halvings: 0).solver
  }

  private struct March {
    let scheme: FlowScheme
    let solver: MeanFieldSolver
  }

  private func march(halvings: Int) throws -> March {
    let scheme = FlowScheme(flow, halvings: halvings, steepest: steepness)
    let problem = problem.steps(
      scheme.steps.count, ofFlow: scheme.step ?? problem.grid.rate(at: 0))
    return March(
      scheme: scheme,
      solver: try MeanFieldSolver(
        problem, scheme: scheme, keepKernels: keepsKernels, parallel: parallel))
  }

  public func solve(progress: (@Sendable (Double) -> Void)?) throws -> Solution {
    var coarse: FlowRefinement.March?
    for halvings in 0... {
      let march = try march(halvings: halvings)
      let isLast = flow.tolerance == nil ? halvings == 1 : halvings == Self.mostHalvings
      do {
        let solution = try march.solver.solve(progress: progress)
        let fine = FlowRefinement.March(scheme: march.scheme, solution: solution)
        if let coarse {
          let refinement = FlowRefinement(coarse: coarse, fine: fine, flow: flow)
          let isFine = refinement.error <= max(flow.tolerance ?? .infinity, refinement.noise)
          if isFine || isLast {
            return refinement.solution(halvings: halvings, reached: isFine)
          }
        }
        coarse = fine
      } catch SolverError.diverged(let step, let solver) {
        guard flow.tolerance != nil, !isLast else {
          throw SolverError.diverged(step: step, solver: solver)
        }
      }
    }
    preconditionFailure("no march of the flow was the last one")
  }
}
