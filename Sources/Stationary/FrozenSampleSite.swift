internal import LearningProblem
internal import NumericalKit

/// A perceptron with a convex loss under full batches: nothing fluctuates, whatever the weight
/// mask. `[stationary.frozen]`
///
/// Every data point sits at the minimum of its own loss plus the pull of its frozen field, and
/// answers small fields with its curvature there. Averages by Gauss-Hermite quadrature.
struct FrozenSampleSite: StationarySampleSite {
  /// A data point at rest.
  private struct Point {
    let cluster: Cluster
    let probability: Double
    let gradient: Double
    let curvature: Double
    let loss: Double
  }

  let tolerance = 1e-13
  let tailTolerance = 1e-11
  private let alpha: Double
  private let sigma: Double
  private let clusters: [Cluster]
  private let directions: Int
  private let rule = Quadrature.standardNormal(order: 128)
  private var evaluator: SampleEvaluator
  private var points: [Point] = []
  private var error = 0.0

  static func applies(to dynamics: Dynamics) -> Bool {
    dynamics.problem.network is Perceptron
      && (dynamics.problem.loss is LogisticLoss || dynamics.problem.loss is SquareLoss)
      && dynamics.sampleSwitches.isFull
  }

  init(_ dynamics: Dynamics) {
    alpha = dynamics.samplesPerWeight
    sigma = dynamics.strength(at: 0)
    clusters = dynamics.data.clusters
    directions = dynamics.signalDirections
    evaluator = SampleEvaluator(dynamics.objective, readout: [])
  }

  mutating func respond(
    to weights: StationaryWeights, in window: LagWindow
  ) throws -> StationaryGradients {
    let transfer = window.spectrum(weights.response)
    place(weights, pull: -sigma * transfer[0].re)
    var drive = [Double](repeating: 0, count: directions)
    var frozen = 0.0
    var spectrum = [Complex](repeating: Complex(0), count: transfer.count)
    for point in points {
      let delta = point.cluster.variance
      let share = alpha * point.probability
      for p in 0..<directions { drive[p] += share * point.cluster.centre[p] * point.gradient }
      frozen += share * delta * point.gradient * point.gradient
      let (scale, memory) = (share * delta * point.curvature, delta * point.curvature)
      for k in spectrum.indices {
        spectrum[k] = spectrum[k] + Complex(scale) / (Complex(1) - memory * transfer[k])
      }
    }
    return StationaryGradients(
      drive: drive, frozen: frozen, covariance: [Double](repeating: 0, count: window.lags),
      response: window.kernel(spectrum).lags)
  }

  /// Solves h + Δ pull g(h) = B m + √(Δ C_inf) z at every node.
  private mutating func place(_ weights: StationaryWeights, pull: Double) {
    points = []
    error = 0
    for cluster in clusters {
      let deviation = (cluster.variance * weights.frozen).squareRoot()
      let mean = cluster.mean(weights.magnetisation[...])
      let pull = max(pull, 0) * cluster.variance
      // Fields at rest grow with their targets: h = 0 at the target of pull g(0).
      evaluator.fields[0] = 0
      _ = evaluator.evaluate(label: cluster.label)
      let edge = pull * evaluator.gradient[0]
      error +=
        cluster.probability
        * NormalDistribution.probabilityNegative(
          mean: cluster.label * (mean - edge), deviation: deviation)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let value = settle(
          at: mean + deviation * node, label: cluster.label, pull: pull)
        points.append(
          Point(
            cluster: cluster, probability: cluster.probability * weight,
            gradient: sigma * evaluator.gradient[0],
            curvature: sigma * evaluator.hessian[0],
            loss: value.loss))
      }
    }
  }

  /// Newton's method for h + pull ∂Λ(h) = target, which grows at least as fast as h; halved
  /// intervals keep it from leaping.
  private mutating func settle(at target: Double, label: Double, pull: Double) -> ObjectiveValue {
    evaluator.fields[0] = target
    var value = evaluator.evaluate(label: label)
    let first = target - pull * evaluator.gradient[0]
    var (lower, upper) = (min(target, first), max(target, first))
    for _ in 0..<200 {
      let field = evaluator.fields[0]
      let excess = field + pull * evaluator.gradient[0] - target
      if excess > 0 { upper = min(upper, field) } else { lower = max(lower, field) }
      var next = field - excess / (1 + pull * evaluator.hessian[0])
      if !(next >= lower && next <= upper) { next = 0.5 * (lower + upper) }
      evaluator.fields[0] = next
      value = evaluator.evaluate(label: label)
      if abs(next - field) <= 1e-15 * (1 + abs(next)) { break }
    }
    return value
  }

  func observe(_ weights: StationaryWeights, in window: LagWindow) -> TrainingAverages {
    let loss = points.reduce(0) { $0 + $1.probability * $1.loss }
    return TrainingAverages(loss: loss, error: error)
  }
}
