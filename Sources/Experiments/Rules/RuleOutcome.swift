public import Observables

/// What became of one rule at one learning rate.
public struct RuleOutcome: Sendable {
  /// How the learning rate came about.
  public enum RateChoice: String, Sendable {
    /// The learning rate of the problem.
    case equal
    /// The rule's own.
    case own
    /// The best, by search.
    case best
  }

  /// How the run ended.
  public enum Ending: Sendable, Equatable {
    /// There was no target: everything is taken at the last step.
    case finished
    /// Every batch reached the target: everything is taken there.
    case reached
    /// Only so many batches reached it: everything is taken at the last step.
    case unreached(batches: Int)
    /// The weights left all bounds: nothing is known.
    case diverged(step: Int)
  }

  /// The name under which the steps to the target are kept.
  public static let stepsToTarget = "steps_to_target"
  /// What `rules.csv` has columns for, in their order.
  public static let quantityNames =
    [stepsToTarget]
    + [
      Observable.trainingLoss, .trainingError, .testLoss, .testError, .writes, .absoluteChange,
      .squaredChange, .netChange, .inefficiency, .activity,
    ].map(\.name)

  /// The rule.
  public let choice: RuleChoice
  /// η.
  public let learningRate: Double
  /// Where η is from.
  public let rateChoice: RateChoice
  /// How it ended.
  public let ending: Ending
  /// Every recorded observable by name, one value per batch, at the target or at the last step; the
  /// energy, if that is a sum; and `stepsToTarget` if the target was reached.
  public let quantities: [String: ReplicaValues]
  /// Mean curves, for the figure and the comparison with training; empty if it diverged.
  public let curves: [Curve]
  /// Means over the batches of the distance to the target; nil without one, and if it diverged.
  public let distance: Target.Distance?
  /// Its place relative to the Pareto front of the rules at comparable rates.
  public internal(set) var front = ParetoFront.Membership.no
  /// Whether direct training agrees; nil if it was not asked for.
  public internal(set) var agrees: Bool?

  /// The outcome of a run, from what each batch measured; sums of energies are those of batches.
  public init(
    _ choice: RuleChoice, learningRate: Double, rateChoice: RateChoice, recordings: [Recording],
    target: Target?, energy: EnergySum
  ) {
    let crossings = target.map { target in recordings.map(target.crossing) } ?? []
    let reached = crossings.compactMap { $0 }
    let ended = recordings.map(\.end)
    let all = !reached.isEmpty && reached.count == recordings.count
    self.choice = choice
    self.learningRate = learningRate
    self.rateChoice = rateChoice
    ending = target == nil ? .finished : all ? .reached : .unreached(batches: reached.count)
    quantities = Self.quantities(
      recordings, at: all ? reached : ended, energy: energy, stepsCount: all)
    curves = Curve.mean(of: recordings)
    distance = target.map { target in
      let all = recordings.map(target.distance)
      let count = Double(all.count)
      return Target.Distance(
        smallest: all.reduce(0) { $0 + $1.smallest } / count,
        last: all.reduce(0) { $0 + $1.last } / count)
    }
  }

  /// The outcome of a run that diverged at `step`.
  public init(
    _ choice: RuleChoice, learningRate: Double, rateChoice: RateChoice, divergedAt step: Int
  ) {
    self.choice = choice
    self.learningRate = learningRate
    self.rateChoice = rateChoice
    ending = .diverged(step: step)
    quantities = [:]
    curves = []
    distance = nil
  }

  /// The mean of a quantity with its standard error; nil if it is not known.
  public func estimate(_ name: String) -> Estimate? { quantities[name]?.estimate }

  private static func quantities(
    _ recordings: [Recording], at positions: [RecordingPosition], energy: EnergySum,
    stepsCount: Bool
  ) -> [String: ReplicaValues] {
    let pairs = Array(zip(recordings, positions))
    func collected(_ value: (Recording, RecordingPosition) -> Estimate) -> ReplicaValues {
      let estimates = pairs.map(value)
      return ReplicaValues(
        estimates.map(\.value), commonError: estimates.map(\.standardError).max() ?? 0)
    }
    var quantities: [String: ReplicaValues] = [:]
    for observable in recordings.first?.observables ?? [] {
      let name = observable.name
      quantities[name] = collected { $0.value(observable, at: $1) }
    }
    if energy.single == nil, recordings.allSatisfy({ energy.missing(in: $0).isEmpty }) {
      quantities[energy.name] = collected { $0.interpolated(energy.values(in: $0), at: $1) }
    }
    if stepsCount { quantities[stepsToTarget] = collected { $0.step(at: $1) } }
    return quantities
  }
}
