public import LearningProblem
public import NumericalKit
public import Observables

/// Solves for the state that a problem ends in, without the way there. `[stationary.iteration]`
///
/// It covers one field (perceptron, door), the plain rule, independent weight masks and Markov
/// sample masks. The square loss on a perceptron and full batches of a convex loss are exact;
/// everything else is sampled, with independent batches behind the error bars.
public struct StationarySolver: Sendable {
  /// What is solved.
  public let problem: Problem
  /// How it is sampled, where it is.
  public let sampling: Sampling
  /// Whether what has a closed form is sampled, too.
  public let alwaysSamples: Bool
  private let dynamics: Dynamics

  private let parallel: ParallelFor

  /// Prepares a solver; throws `SolverError.unsupported` for what it does not cover.
  public init(
    _ problem: Problem, _ sampling: Sampling = Sampling(), alwaysSamples: Bool = false,
    parallel: ParallelFor = ParallelFor()
  ) throws {
    self.problem = problem
    self.sampling = sampling
    self.alwaysSamples = alwaysSamples
    dynamics = try Dynamics(problem)
    self.parallel = parallel
    try Self.checkSupport(dynamics)
    if !isClosed {
      try SampledSampleSite(dynamics, sampling, batch: 0, parallel: parallel).requireForgetfulMask()
    }
  }

  private static func checkSupport(_ dynamics: Dynamics) throws {
    try dynamics.problem.requireSteps()
    try dynamics.problem.requireConstantRule("a steady state")
    try dynamics.problem.requireAlikeInputs("steady states")
    let march = "`dmft solve` with many steps"
    func require(_ condition: Bool, _ what: String, _ instead: String) throws {
      guard condition else {
        throw SolverError.unsupported(what: "\(what) in a steady state", instead: instead)
      }
    }
    let network = dynamics.problem.network
    try require(
      dynamics.hiddenUnits == 1 && network.machine == nil && network.readout.initial.isEmpty,
      "network \(network.kind)", "perceptron or door, or \(march)")
    try require(dynamics.data.teacher == nil, "data \(dynamics.data.kind)", march)
    try require(
      dynamics.rule.update is PlainUpdate, "update \(dynamics.rule.update.kind)",
      "plain, or \(march)")
    let mask = dynamics.rule.weightMask
    try require(
      mask.units == .all
        && dynamics.weightSwitches.isDrawnAnew,
      "weight_mask \(mask.kind)", "full or independent, or \(march)")
    try require(
      dynamics.sampleSwitches.correlation != nil, "sample_mask \(dynamics.rule.sampleMask.kind)",
      "full, independent or persistent, or \(march)")
    try require(
      dynamics.rule.weightNoise.isNone && dynamics.rule.dropout.isNone,
      "weight_noise or dropout", march)
    try require(
      !dynamics.sampleSwitches.isFull || !dynamics.objective.gradientJumps,
      "loss \(dynamics.problem.loss.kind) with sample_mask full", "independent, or \(march)")
  }

  private static func isClosed(_ dynamics: Dynamics) -> Bool {
    FrozenSampleSite.applies(to: dynamics) || SquareLossSampleSite.applies(to: dynamics)
  }

  /// Whether nothing is sampled.
  public var isClosed: Bool { Self.isClosed(dynamics) && !alwaysSamples }

  /// Solves; throws `SolverError.notConverged` where there is no steady state.
  ///
  /// `progress` is told the fraction done. Sampled states come from `theory.batches` independent
  /// solves of `theory.trajectories` data points each.
  public func solve(progress: ProgressReport? = nil) throws -> StationarySolution {
    let batches = isClosed ? 1 : sampling.batches
    var first = start  // the other batches begin where this one ends
    let states = try (0..<batches).map { batch in
      var search = FixedPointSearch(
        weightSite: LinearWeightSite(dynamics), sampleSite: sampleSite(batch))
      let state = try search.run(from: first)
      if batch == 0 { first = state.gradients }
      try progress?(Double(batch + 1) / Double(batches))
      return state
    }
    return StationarySolution(states: states)
  }

  private func sampleSite(_ batch: Int) -> any StationarySampleSite {
    guard isClosed else {
      return SampledSampleSite(dynamics, sampling, batch: batch, parallel: parallel)
    }
    return FrozenSampleSite.applies(to: dynamics)
      ? FrozenSampleSite(dynamics) : SquareLossSampleSite(dynamics)
  }

  /// Kernels as if the weights stayed at the start: of several steady states, that near it.
  private var start: StationaryGradients {
    let strength = dynamics.strength(at: 0) * dynamics.sampleSwitches.density(at: 0)
    let rule = Quadrature.standardNormal(order: 32)
    var evaluator = SampleEvaluator(dynamics.objective, readout: [])
    var start = StationaryGradients(
      drive: [Double](repeating: 0, count: dynamics.signalDirections), frozen: 0, covariance: [],
      response: [0])
    for cluster in dynamics.data.clusters {
      let mean = cluster.mean(dynamics.start.overlap[0][...])
      let deviation = (cluster.variance * dynamics.start.correlation(0, 0)).squareRoot()
      for (node, weight) in zip(rule.nodes, rule.weights) {
        evaluator.fields[0] = mean + deviation * node
        _ = evaluator.evaluate(label: cluster.label)
        let share = dynamics.samplesPerWeight * strength * cluster.probability * weight
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
