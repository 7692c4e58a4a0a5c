public import LearningProblem
public import NumericalKit
internal import Observables

/// Solves for the state that a problem ends in, without the way there. `[stationary.iteration]`
///
/// It covers one field (perceptron, door), the plain rule, independent weight masks and Markov
/// sample masks. The square loss on a perceptron and full batches of a convex loss are exact;
/// everything else is sampled, with independent batches behind the error bars.
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
    try problem.requireSteps()
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
      !problem.sampleMask.isFull || !problem.objective.gradientJumps,
      "loss \(problem.loss.kind) with sample_mask full", "independent, or \(march)")
  }

  private static func isClosed(_ problem: Problem) -> Bool {
    FrozenSampleSite.applies(to: problem) || SquareLossSampleSite.applies(to: problem)
  }

  /// Whether nothing is sampled.
  public var isClosed: Bool { Self.isClosed(problem) && problem.theory.sites != .ensemble }

  /// Solves; throws `SolverError.notConverged` where there is no steady state.
  ///
  /// `progress` is told the fraction done. Sampled states come from `theory.batches` independent
  /// solves of `theory.trajectories` data points each.
  public func solve(progress: (@Sendable (Double) -> Void)? = nil) throws -> StationarySolution {
    let batches = isClosed ? 1 : problem.theory.batches
    var first = start  // the other batches begin where this one ends
    let states = try (0..<batches).map { batch in
      var search = FixedPointSearch(
        weightSite: LinearWeightSite(problem), sampleSite: sampleSite(batch))
      let state = try search.run(from: first)
      if batch == 0 { first = state.gradients }
      progress?(Double(batch + 1) / Double(batches))
      return state
    }
    return StationarySolution(states: states)
  }

  private func sampleSite(_ batch: Int) -> any StationarySampleSite {
    guard isClosed else { return SampledSampleSite(problem, batch: batch, parallel: parallel) }
    return FrozenSampleSite.applies(to: problem)
      ? FrozenSampleSite(problem) : SquareLossSampleSite(problem)
  }

  /// Kernels as if the weights stayed at the start: of several steady states, that near it.
  private var start: StationaryGradients {
    let strength = problem.gradientStrength * problem.sampleMask.density
    let rule = Quadrature.standardNormal(order: 32)
    var evaluator = SampleEvaluator(problem.objective, readout: [])
    var start = StationaryGradients(
      drive: [Double](repeating: 0, count: problem.signalDirections), frozen: 0, covariance: [],
      response: [0])
    for cluster in problem.data.clusters {
      let mean = cluster.mean(problem.start.overlap[0][...])
      let deviation = (cluster.variance * problem.start.correlation(0, 0)).squareRoot()
      for (node, weight) in zip(rule.nodes, rule.weights) {
        evaluator.fields[0] = mean + deviation * node
        _ = evaluator.evaluate(label: cluster.label)
        let share = problem.samplesPerWeight * strength * cluster.probability * weight
        let gradient = evaluator.gradient[0]
        for p in start.drive.indices { start.drive[p] += share * cluster.centre[p] * gradient }
        start.frozen += share * strength * cluster.variance * gradient * gradient
        start.response[0] += share * cluster.variance * evaluator.hessian[0]
      }
    }
    start.response[0] = max(start.response[0], 0)
    return start
  }
}
