internal import Foundation
public import LearningProblem
internal import NumericalKit
internal import Observables

/// Finds the minimiser at which full-batch gradient descent ends. `[limit.static]`
/// `[static.equations]`
///
/// It covers a perceptron on clusters with labels ±1: logistic, square and hinge loss, any λ >= 0,
/// where 0 stands for the limit λ -> 0+. Start, learning rate, steps and weight masks do not
/// matter.
///
/// ```swift
/// let minimiser = try StaticSolver(problem).solve()
/// print(minimiser.overlaps[0], minimiser.testError)
/// ```
public struct StaticSolver: Sendable {
  /// The residual that solutions must reach.
  public static let tolerance = 1e-11
  /// Relative distance below which a number of samples counts as that of the threshold.
  private static let closest = 1e-9

  /// Equations that were not solved.
  struct Unsolved: Error {
    let residual: Double
  }

  /// What is minimised, on what.
  public let problem: Problem
  private let loss: any ProximalLoss
  private let decay: Double  // λ
  private let law: MarginLaw
  private let groups: InputGroups
  private let test: TestQuantities

  /// Throws `SolverError.unsupported` for problems without a known minimiser.
  public init(_ problem: Problem) throws {
    try problem.requireModel()
    try problem.requireConstantRule("the static limit")
    self.problem = problem
    let dynamics = try Dynamics(problem)
    decay = dynamics.decay(at: 0)
    loss = try StaticSupport.loss(of: problem)
    law = MarginLaw(problem.data)
    groups = dynamics.groups ?? .alike(directions: dynamics.signalDirections)
    test = TestQuantities(dynamics)
    // Each cluster would need a response of its own. `[inputs.clusters]`
    guard groups.areShared else {
      throw SolverError.unsupported(
        what: "a static minimiser for clusters with inputs.variances of their own",
        instead: "one row of inputs.variances, or `dmft solve`")
    }
  }

  /// The minimiser; costs milliseconds.
  ///
  /// - Parameter neighbour: that of a similar problem, from where to begin.
  ///
  /// Throws `SolverError.notConverged`.
  public func solve(near neighbour: StaticMinimiser? = nil) throws -> StaticMinimiser {
    do {
      return try solve(loss, near: neighbour)
    } catch let unsolved as Unsolved {
      throw SolverError.notConverged(
        what: "the minimiser at samples_per_weight \(problem.samplesPerWeight), weight_decay "
          + "\(decay) was not found: the largest residual is "
          + "\(unsolved.residual)",
        instead: "more weight_decay, or samples_per_weight further from the value below which "
          + "the samples can be separated")
    }
  }

  private func solve(
    _ loss: some ProximalLoss, near neighbour: StaticMinimiser?
  ) throws -> StaticMinimiser {
    let hard = try HardMargin(law.whitened(groups))
    let alpha = problem.samplesPerWeight
    try checkGroups(loss, threshold: hard.threshold)
    var minimiser: StaticMinimiser
    if decay == 0, type(of: loss).hardLimit == .interpolation, alpha <= 1 {
      minimiser = try interpolating(loss)
    } else if decay == 0, type(of: loss).hardLimit != .interpolation,
      alpha <= hard.threshold * (1 + Self.closest)
    {
      minimiser = try separating(loss, hard, near: neighbour)
    } else {
      minimiser = try minimum(loss, near: neighbour)
    }
    // Directions along which nothing can be learned.
    for p in minimiser.alignments.indices where abs(minimiser.alignments[p]) < 10 * Self.tolerance {
      minimiser.alignments[p] = 0
      minimiser.overlaps[p] = 0
    }
    minimiser.separabilityThreshold = hard.threshold
    minimiser.testError =
      test.evaluate(overlaps: [minimiser.fieldAlignments], covariance: [1]).error.value
    return minimiser
  }

  /// Without decay, samples that can all be fit are worked out for inputs that are alike only.
  private func checkGroups<Learned: ProximalLoss>(_ loss: Learned, threshold: Double) throws {
    let alpha = problem.samplesPerWeight
    let isFit =
      Learned.hardLimit == .interpolation ? alpha <= 1 : alpha <= threshold * (1 + Self.closest)
    guard !groups.isAlike, decay == 0, isFit else { return }
    throw SolverError.unsupported(
      what: "weight_decay: 0 with inputs.kind: \(problem.inputs.kind), where all samples can be "
        + "fit (samples_per_weight \(alpha)),",
      instead: "a small weight_decay such as 1e-4, or more samples")
  }

  /// A finite minimum of loss and decay.
  private func minimum<Learned: ProximalLoss>(
    _ loss: Learned, near neighbour: StaticMinimiser?
  ) throws -> StaticMinimiser {
    let equations = StaticEquations(
      law: law, loss: loss, samplesPerWeight: problem.samplesPerWeight, groups: groups)
    let guess = neighbour.flatMap { near -> [Double]? in
      guard near.norm.isFinite, near.norm > 0, near.response.isFinite else { return nil }
      return near.fieldAlignments + [0.5 * log(near.fieldNorm), log(near.response)]
    }
    let root = equations.solve(weightDecay: decay, guess: guess)
    guard root.residual <= Self.tolerance else { throw Unsolved(residual: root.residual) }
    let place = StaticEquations<Learned>.place(root.x)
    let trainingLoss = equations.trainingLoss(at: place)
    let fieldNorm = place.length * place.length
    let averages = equations.averages(at: place)
    let weights = equations.weights(at: place, averages, weightDecay: decay)
    let norm = fieldNorm * (weights.norm / weights.seen)
    return StaticMinimiser(
      regime: decay > 0 ? .regularised : .unregularised,
      overlaps: place.overlaps,
      alignments: place.alignments.map { $0 * (fieldNorm / norm).squareRoot() }, norm: norm,
      fieldNorm: fieldNorm, response: place.response,
      curvature: problem.samplesPerWeight * averages.stiffness
        / place.response,
      trainingLoss: trainingLoss, trainingError: equations.trainingError(at: place),
      testLoss: equations.testLoss(at: place), testError: .nan,
      cost: problem.samplesPerWeight * trainingLoss + 0.5 * decay * norm,
      separabilityThreshold: .nan, residual: root.residual)
  }

  /// The largest margin, at norm 1/κ² for a loss that is zero from 1 on, at infinite norm
  /// otherwise.
  private func separating<Learned: ProximalLoss>(
    _ loss: Learned, _ hard: HardMargin, near neighbour: StaticMinimiser?
  ) throws -> StaticMinimiser {
    let solution = try hard.solve(
      samplesPerWeight: min(problem.samplesPerWeight, hard.threshold),
      guess: neighbour.flatMap { near in near.margin.map { (near.alignments, $0) } })
    let grows = Learned.hardLimit == .growingMargin
    let length = grows ? Double.infinity : 1 / solution.margin
    return limit(
      .maximumMargin, loss, alignments: solution.alignments, length: length,
      margin: solution.margin, residual: solution.residual)
  }

  /// The smallest weights that give all samples their labels. `[static.interpolation]`
  private func interpolating(_ loss: some ProximalLoss) throws -> StaticMinimiser {
    let alpha = problem.samplesPerWeight
    let root = RootFinding.hybrids(
      from: [Double](repeating: 0, count: law.directions), tolerance: 0.01 * Self.tolerance
    ) { overlaps in
      var differences = overlaps
      for part in law.parts {
        let missing = alpha * part.probability * (1 - part.mean(overlaps[...])) / part.variance
        for (p, c) in part.centre.enumerated() { differences[p] -= missing * c }
      }
      return differences
    }
    guard root.residual <= Self.tolerance else { throw Unsolved(residual: root.residual) }
    var square = root.x.reduce(0) { $0 + $1 * $1 }
    for part in law.parts {
      let missing = 1 - part.mean(root.x[...])
      square += alpha * part.probability * missing * missing / part.variance
    }
    let length = (square / (1 - alpha)).squareRoot()
    var minimiser = limit(
      .minimumNorm, loss, alignments: root.x.map { $0 / length }, length: length, margin: nil,
      residual: root.residual)
    minimiser.overlaps = root.x
    return minimiser
  }

  /// A place where the loss of the samples vanishes.
  private func limit<Learned: ProximalLoss>(
    _ regime: StaticMinimiser.Regime, _ loss: Learned, alignments: [Double], length: Double,
    margin: Double?, residual: Double
  ) -> StaticMinimiser {
    let equations = StaticEquations(
      law: law, loss: loss, samplesPerWeight: problem.samplesPerWeight, groups: groups)
    let place = StaticEquations<Learned>.Place(
      alignments: alignments, length: length, response: .infinity)
    return StaticMinimiser(
      regime: regime, overlaps: place.overlaps, alignments: alignments,
      norm: length * length, fieldNorm: length * length, response: .infinity, curvature: 0,
      trainingLoss: 0,
      trainingError: 0,
      testLoss: length.isFinite ? equations.testLoss(at: place) : .infinity, testError: .nan,
      cost: 0, margin: margin, separabilityThreshold: .nan, residual: residual)
  }
}
