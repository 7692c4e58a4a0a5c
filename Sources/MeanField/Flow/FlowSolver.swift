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

  /// The most gradients of a flow whose steps grow.
  private static let mostStages = 100_000.0

  /// What is solved.
  public let problem: Problem
  /// How it is solved.
  public let settings: TheorySettings
  /// Bytes that the marches with the step and half of it hold; a tolerance may take more.
  public private(set) var memory = 0.0
  public private(set) var batches = 1
  private let dynamics: Dynamics
  private let flow: Flow
  private let steepness: Double
  private let keepsKernels: Bool
  private let parallel: ParallelFor

  /// Prepares a solver for a problem with a flow; see `MeanFieldSolver`. There are no kernels where
  /// steps grow.
  ///
  /// - Throws: a `Mismatch` of the problem, `SolverError.unsupported` for what the theory here
  ///   does not cover.
  public init(
    _ problem: Problem, _ settings: TheorySettings = TheorySettings(), keepKernels: Bool = false,
    parallel: ParallelFor = ParallelFor()
  ) throws {
    guard let flow = problem.timing.flow else {
      preconditionFailure("the time of the problem goes in steps")
    }
    if flow.growth > 0, !problem.rule.sampleMask.averagesOut {
      throw SolverError.unsupported(
        what:
          "time.growth: \(flow.growth) with a \(problem.rule.sampleMask.kind) sample mask, whose "
          + "switches never become smooth",
        instead: "time.growth: 0")
    }
    dynamics = try Dynamics(problem)
    if flow.growth > 0, dynamics.steepness == nil {
      throw SolverError.unsupported(
        what:
          "time.growth: \(flow.growth) for loss \(problem.loss.kind) on a "
          + "\(problem.network.kind) network, whose curvature has no known bound",
        instead: "time.growth: 0")
    }
    self.problem = problem
    self.settings = settings
    self.flow = flow
    steepness = dynamics.steepness ?? 0
    keepsKernels = keepKernels && flow.growth == 0
    self.parallel = parallel
    // What two marches need is refused with the numbers of the second one.
    let first = try march(halvings: 0, granted: GrantedMemory(bytes: .infinity, source: .machine))
    let second = try march(halvings: 1, beside: first).solver
    (memory, batches) = (second.memory, second.batches)
  }

  private struct March {
    let scheme: FlowScheme
    let solver: MeanFieldSolver
  }

  /// A march, in memory that holds the solution of the one before as well.
  private func march(
    halvings: Int, beside before: March? = nil, granted: GrantedMemory? = nil
  ) throws -> March {
    if flow.growth > 0 {
      let stages = FlowScheme.countOfStages(flow, parts: 1 << halvings, steepest: steepness)
      guard stages <= Self.mostStages else {
        throw SolverError.unsupported(
          what: "time.growth \(flow.growth) to a time of \(flow.duration) on a loss of curvature "
            + "\(steepness), which takes \(stages) gradients,",
          instead: "a smaller samples_per_weight or time.duration, or time.growth: 0")
      }
    }
    let scheme = FlowScheme(
      flow, halvings: halvings, steepest: steepness, jumps: problem.flowJumps)
    let points = try dynamics.integrated(
      steps: scheme.steps.count, of: scheme.step ?? flow.step,
      clock: scheme.step == nil ? scheme.times : [])
    return March(
      scheme: scheme,
      solver: try MeanFieldSolver(
        [points], settings, scheme: scheme, name: Self.name(halvings), keepKernels: keepsKernels,
        parallel: parallel, kept: before?.solver.solutionMemory ?? 0, granted: granted))
  }

  /// What the parts of a march are called.
  private static func name(_ halvings: Int) -> String { "theory-march-\(halvings + 1)" }

  public func partNames(of chosen: Range<Int>?) -> [String] {
    (0...1).flatMap { MeanFieldSolver.partNames(Self.name($0), chosen ?? 0..<batches) }
  }

  public func solve(
    _ chosen: Range<Int>?, parts: any PartKeeper, progress: ProgressReport?, cost: CostReport?
  ) throws -> Solution {
    var coarse: (march: March, refinement: FlowRefinement.March)?
    var found: FlowRefinement?
    for halvings in 0... {
      let isLast = flow.tolerance == nil ? halvings == 1 : halvings == Self.mostHalvings
      do {
        if !isLast, try diverges(halvings: halvings) { continue }
        let march = try march(halvings: halvings, beside: coarse?.march)
        let solution = try march.solver.solve(
          chosen, parts: parts, progress: share(of: halvings, progress), cost: cost)
        let fine = FlowRefinement.March(scheme: march.scheme, solution: solution)
        if let coarse {
          let refinement = FlowRefinement(coarse: coarse.refinement, fine: fine, flow: flow)
          let isFine = refinement.error <= max(flow.tolerance ?? .infinity, refinement.noise)
          if isFine || isLast {
            try progress?(1)
            return refinement.solution(halvings: halvings, ended: isFine ? .reached : .finest)
          }
          found = refinement
        }
        coarse = (march, fine)
      } catch SolverError.diverged(let step, let solver) {
        guard flow.tolerance != nil, !isLast else {
          throw SolverError.diverged(step: step, solver: solver)
        }
      } catch SolverError.unsupported(let what, let instead) {
        if let found {
          try progress?(1)
          return found.solution(halvings: halvings - 1, ended: .unsupported(what))
        }
        throw halvings < 2
          ? SolverError.unsupported(what: what, instead: instead)
          : SolverError.unsupported(
            what: "a flow whose steps of \(2 * step(halvings)) diverge, while half of them make "
              + what, instead: "a shorter time.duration")
      }
    }
    preconditionFailure("no march of the flow was the last one")
  }

  private func step(_ halvings: Int) -> Double { flow.step / Double(1 << halvings) }

  /// Points after which a march that is many times longer is looked at first.
  private static let firstPoints = 400

  /// Whether equal steps diverge at once, found by a short march where a whole one is long, so that
  /// its memory and time are not taken for nothing; only where steps are halved until they fit.
  private func diverges(halvings: Int) throws -> Bool {
    guard flow.tolerance != nil, flow.growth == 0,
      flow.steps << halvings > 4 * Self.firstPoints
    else { return false }
    let (steps, h) = (Self.firstPoints, step(halvings))
    let scheme = FlowScheme.adamsBashforth(
      steps: steps, step: h, every: steps,
      restarts: Set(problem.flowJumps.map { $0 << halvings }))
    let plan = try SitePlan(
      try dynamics.integrated(steps: steps, of: h), settings, scheme: scheme)
    do {
      _ = try plan.march(0, parallel) {}
      return false
    } catch SolverError.diverged {
      return true
    }
  }

  /// The progress of one march of all: a march costs four times the one before it, and with a
  /// tolerance nobody knows how many there will be. The end is reported by `solve`.
  private func share(of halvings: Int, _ progress: ProgressReport?) -> ProgressReport? {
    guard let progress else { return nil }
    let costs =
      flow.tolerance == nil ? [0, 0.2, 1] : (0...halvings + 1).map { 1 - pow(0.5, Double($0)) }
    let (first, last) = (costs[halvings], costs[halvings + 1])
    return { if $0 < 1 || last < 1 { try progress(first + (last - first) * $0) } }
  }
}
