public import LearningProblem
public import NumericalKit
public import Observables

/// Derivatives of what a closed march found by all that its learning rule does at each step, at the
/// cost of a few marches whatever the number of steps. `[gradient.adjoint]`
///
/// ```swift
/// let adjoint = try ClosedAdjoint(problem)
/// let gradient = try adjoint.gradient(of: ObservedSum(.testLoss, at: 40))
/// print(gradient.value, gradient.learningRate)
/// ```
/// The problem is marched through once; any number of sums share it. Perceptron, square loss, plain
/// rule, labels of clusters; masks that are full, independent, persistent or, of samples, epochs;
/// inputs in groups. Each step keeps its row: memory O(T²), time O(T³).
public struct ClosedAdjoint: Sendable {
  /// What is differentiated.
  public let problem: Problem
  private let march: ClosedMarch

  /// Marches through a problem.
  ///
  /// - Throws: a `Mismatch` of the problem, `SolverError.unsupported` for what has no adjoint or
  ///   what memory does not hold, `SolverError.diverged`.
  public init(_ problem: Problem, parallel: ParallelFor = ParallelFor()) throws {
    self.problem = problem
    try problem.requireSteps()
    let dynamics = try Dynamics(problem)
    try ClosedMarch.check(dynamics)
    let plan = try SitePlan(dynamics, TheorySettings(sites: .closed, history: .all))
    let work = try WorkAtOnce(
      "an adjoint", of: "marches", atMost: 1, threads: parallel.threads, instead: "fewer steps"
    ) { _ in ClosedMarch.bytes(plan) + Self.bytes(plan) }
    march = try ClosedMarch(plan, ParallelFor(threads: work.threads))
  }

  /// Bytes of one gradient.
  private static func bytes(_ plan: SitePlan) -> Double {
    let (steps, remembers) = (plan.dynamics.grid.steps, !plan.dynamics.weightSwitches.isDrawnAnew)
    return Double(plan.sampleSites.count) * SampleAdjoint.bytes(steps: steps)
      + Double(plan.weightSites) * WeightAdjoint.bytes(steps: steps, remembers: remembers)
  }

  /// The observables whose sums have gradients: those that the closed equations report.
  public var observables: [Observable] { march.known }

  /// The gradient of a sum of `observables` by what happens at each step.
  ///
  /// - Throws: `SolverError.unsupported` for other observables or steps.
  public func gradient(of sum: ObservedSum) throws -> ControlGradient {
    var sweep = AdjointSweep(march, try ObservedDerivatives(sum, march))
    for t in stride(from: march.dynamics.grid.steps, through: 0, by: -1) {
      if t < march.dynamics.grid.steps { sweep.reverse(t) }
      sweep.observe(t)
    }
    guard let value = sum.value(in: march.recording) else {
      preconditionFailure("\(sum) was checked")
    }
    return ControlGradient(value: value, sweep.gradient, march.dynamics)
  }
}
