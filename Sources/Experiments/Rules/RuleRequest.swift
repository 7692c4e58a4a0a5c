/// What `dmft rules` is asked for.
public struct RuleRequest: Sendable {
  /// The rules; empty takes the standard ones.
  public var rules: [RuleChoice] = []
  /// Where a run counts as done; nil takes the last step.
  public var target: Target?
  /// The energy to compare by.
  public var energy: EnergySum
  /// The observable to compare by without a target.
  public var performance = "training_loss"
  /// Whether to add every rule at its best learning rate.
  public var searchesLearningRate = false
  /// Whether to train every rule directly as well.
  public var checks = false

  /// Reads rules, target and energy as typed: each entry of `rules` is a list, as for
  /// `RuleChoice.list`.
  ///
  /// Throws a `Failure` of bad usage that says what is allowed.
  public init(
    rules: [String] = [], target: String? = nil, energy: String = "absolute_change"
  ) throws {
    do {
      self.rules = try rules.flatMap(RuleChoice.list)
      self.target = try target.map(Target.init(parsing:))
      self.energy = try EnergySum(parsing: energy)
    } catch {
      throw Failure(error)
    }
  }
}
