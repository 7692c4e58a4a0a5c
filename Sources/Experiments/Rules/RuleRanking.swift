internal import LearningProblem
internal import Observables

/// All rules that were run, their places, and what distinguishes them from the reference.
public struct RuleRanking: Sendable {
  /// One rule minus the reference, in one quantity.
  public struct Difference: Sendable {
    /// The rule.
    public let outcome: RuleOutcome
    /// The rule it is compared with: `plain` at a comparable rate, or else the first.
    public let reference: RuleOutcome
    /// The name of the quantity.
    public let quantity: String
    /// The difference.
    public let value: PairedDifference
  }

  /// The rules, those at the best rates last, with their places and verdicts.
  public let outcomes: [RuleOutcome]
  /// The energy compared by.
  public let energy: EnergySum
  /// The other cost: `steps_to_target`, or the performance observable.
  public let performance: String
  /// The target.
  public let target: Target?

  /// Ranks outcomes of one request. Rules at their best rates compete among themselves.
  public init(
    _ outcomes: [RuleOutcome], energy: EnergySum, performance: String, target: Target?
  ) {
    self.energy = energy
    self.target = target
    let second = target == nil ? performance : RuleOutcome.stepsToTarget
    self.performance = second
    var placed = outcomes
    for group in Self.groups(outcomes) {
      let places = ParetoFront.memberships(
        group.map { outcomes[$0].costs(energy: energy, performance: second) })
      for (index, place) in zip(group, places) { placed[index].front = place }
    }
    self.outcomes = placed
  }

  /// Whether no rule disagrees with its direct training.
  public var agrees: Bool { outcomes.allSatisfy { $0.agrees ?? true } }

  /// The outcomes at comparable rates: those at given rates, and those at the best.
  public var groups: [[RuleOutcome]] {
    Self.groups(outcomes).map { $0.map { outcomes[$0] } }
  }

  /// What tables have columns for, in their order: the standard quantities, and what was asked for.
  public var quantityNames: [String] {
    let standard = RuleOutcome.quantityNames
    let asked = [energy.name, performance, target?.name].compactMap { $0 }
    return standard + asked.filter { !standard.contains($0) }
  }

  /// Every rule minus the reference, in all quantities that both have at the same stage: both at
  /// the target, or both at the last step.
  public var differences: [Difference] {
    groups.flatMap { group -> [Difference] in
      guard let reference = Self.reference(of: group) else { return [] }
      return group.filter { !$0.isSame(as: reference) }.flatMap { outcome -> [Difference] in
        guard outcome.isAtTarget == reference.isAtTarget else { return [] }
        return quantityNames.compactMap { name in
          guard let a = outcome.quantities[name], let b = reference.quantities[name] else {
            return nil
          }
          return Difference(
            outcome: outcome, reference: reference, quantity: name,
            value: PairedDifference(a, minus: b))
        }
      }
    }
  }

  /// Why no rule is compared with the reference, in one sentence; nil if one is.
  public var noDifferences: String? {
    guard differences.isEmpty, let group = groups.first,
      let reference = Self.reference(of: group)
    else { return nil }
    let reason =
      if group.count == 1 {
        "there is no rule beside \(reference.choice.label)"
      } else if case .diverged(let step) = reference.ending {
        "\(reference.choice.label), which the others are compared with, diverged at step \(step)"
      } else {
        "no other rule ended as \(reference.choice.label) did"
          + (reference.isAtTarget ? ", which reached the target" : "")
      }
    return "no differences.csv: \(reason)"
  }

  /// The rule that the others are compared with.
  private static func reference(of group: [RuleOutcome]) -> RuleOutcome? {
    group.first { $0.choice.kind == PlainUpdate.kind } ?? group.first
  }

  private static func groups(_ outcomes: [RuleOutcome]) -> [[Int]] {
    [false, true].map { best in
      outcomes.indices.filter { (outcomes[$0].rateChoice == .best) == best }
    }.filter { !$0.isEmpty }
  }
}

extension RuleOutcome {
  /// Energy and performance; nil if the run does not count: it diverged or missed the target.
  func costs(energy: EnergySum, performance: String) -> ParetoFront.Costs? {
    guard ending == .finished || ending == .reached, let first = quantities[energy.name],
      let second = quantities[performance]
    else { return nil }
    return ParetoFront.Costs(first, second)
  }

  /// Whether everything was taken at the target.
  var isAtTarget: Bool { ending == .reached }

  /// Whether the target is met within five steps.
  var isCoarse: Bool { (estimate(Self.stepsToTarget)?.value ?? .infinity) < 5 }

  func isSame(as other: RuleOutcome) -> Bool {
    choice == other.choice && rateChoice == other.rateChoice
  }
}
