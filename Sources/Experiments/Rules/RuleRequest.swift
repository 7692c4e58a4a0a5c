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
  /// Numbers of rules, by their keys there, of which the best are added too.
  public var tunes: [ControlRequest] = []
  /// Whether to train every rule directly as well.
  public var checks = false

  /// Whether anything is searched for.
  var searches: Bool { searchesLearningRate || !tunes.isEmpty }

  /// Reads rules, target, energy and numbers to tune as typed: each entry of `rules` is a list, as
  /// for `RuleChoice.list`.
  ///
  /// Throws a `Failure` of bad usage that says what is allowed.
  public init(
    rules: [String] = [], target: String? = nil, energy: String = "absolute_change",
    tune: [String] = []
  ) throws {
    do {
      tunes = try tune.map { try ControlRequest(parsing: $0, option: "--tune", isConstant: true) }
      self.rules = try rules.flatMap(RuleChoice.list)
      self.target = try target.map(Target.init(parsing:))
      self.energy = try EnergySum(parsing: energy)
    } catch {
      throw Failure(error)
    }
  }
}
