public import LearningProblem
public import NumericalKit
internal import Observables

/// Solves for the state that a problem ends in, without the way there. `[stationary.iteration]`
///
/// For one field (perceptron, door), the plain rule, independent weight masks and Markov sample masks.
/// Square loss and full batches of a convex loss are exact.
public struct StationarySolver: Sendable {
  /// What is solved.
  public let problem: Problem

  private let parallel: ParallelFor

  /// Prepares a solver; throws `SolverError.unsupported` for what it does not cover.
  public init(_ problem: Problem, parallel: ParallelFor = ParallelFor()) throws {
    self.problem = problem
    self.parallel = parallel
    try Self.checkSupport(problem)
  }

  private static func checkSupport(_ problem: Problem) throws {
    let march = "`dmft solve` with many steps"
    func require(_ condition: Bool, _ what: String, _ instead: String) throws {
      guard condition else {
        throw SolverError.unsupported(what: "\(what) in a steady state", instead: instead)
      }
    }
    let network = problem.network
    try require(
      problem.hiddenUnits == 1 && network.machine == nil && network.readout.initial.isEmpty,
      "network \(network.kind)", "perceptron or door, or \(march)")
    try require(problem.data.teacher == nil, "data \(problem.data.kind)", march)
    try require(
      problem.update is PlainUpdate, "update \(problem.update.kind)", "plain, or \(march)")
    let mask = problem.weightMask
    try require(
      mask.isFull || (mask.switches.correlation == 0 && mask.units == .all),
      "weight_mask \(mask.kind)", "full or independent, or \(march)")
    try require(
      problem.sampleMask.correlation != nil, "sample_mask \(problem.sampleMask.kind)",
      "full, independent or persistent, or \(march)")
    try require(
      problem.weightNoise.sigma == 0 && problem.dropout.isNone, "weight_noise or dropout", march)
    try require(
      SquareLossSampleSite.applies(to: problem) || FrozenSampleSite.applies(to: problem),
      "loss \(problem.loss.kind) on a \(network.kind) network under this mask", march)
  }

  /// Whether nothing is sampled.
  public var isClosed: Bool { true }

  /// Solves; throws `SolverError.notConverged` where there is no steady state.
  public func solve(progress: (@Sendable (Double) -> Void)? = nil) throws -> StationarySolution {
    let site: any StationarySampleSite =
      FrozenSampleSite.applies(to: problem)
      ? FrozenSampleSite(problem) : SquareLossSampleSite(problem)
    var search = FixedPointSearch(weightSite: LinearWeightSite(problem), sampleSite: site)
    return StationarySolution(states: [try search.run(from: start)])
  }

  /// Kernels as if all fields were zero and nothing fluctuated.
  private var start: StationaryGradients {
    let strength = problem.samplesPerWeight * problem.gradientStrength * problem.sampleMask.density
    var evaluator = SampleEvaluator(problem.objective, readout: [])
    var start = StationaryGradients(
      drive: [Double](repeating: 0, count: problem.signalDirections), frozen: 0, covariance: [],
      response: [0])
    for cluster in problem.data.clusters {
      _ = evaluator.evaluate(label: cluster.label)
      let share = strength * cluster.probability
      let gradient = evaluator.gradient[0]
      for p in start.drive.indices { start.drive[p] += share * cluster.centre[p] * gradient }
      start.frozen +=
        share * cluster.variance * gradient * gradient * problem.gradientStrength
        * problem.sampleMask.density
      start.response[0] += share * cluster.variance * max(evaluator.hessian[0], 0)
    }
    return start
  }
}
