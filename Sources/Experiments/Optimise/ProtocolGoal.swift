internal import LearningProblem
internal import Observables

/// What an optimisation makes small, and what it keeps below limits, all at one step.
public struct ProtocolGoal: Sendable, Equatable {
  /// An observable with its price.
  public struct Term: Sendable, Equatable {
    /// The name of the observable.
    public let name: String
    /// What a unit of it costs.
    public let price: Double
  }

  /// A sum that must not exceed a value.
  public struct Limit: Sendable, Equatable {
    /// The option that asked for it.
    let option: String
    /// What it is called.
    public let name: String
    /// The sum.
    public let terms: [Term]
    /// The value.
    public let value: Double
  }

  /// What is minimised, as one names it.
  public let name: String
  /// What is minimised, with prices.
  public let objective: [Term]
  /// What is kept below limits.
  public let limits: [Limit]
  /// The step at which all of this counts; nil for the last.
  public let step: Int?

  /// The word for the energy of `--energy`.
  static let energyName = "energy"

  /// Creates a goal from what was typed; throws a `UsageError`.
  ///
  /// - Parameters:
  ///   - minimise: the name of an observable, or `energy`.
  ///   - energy: the sum that `energy` stands for; nil if there is none.
  ///   - prices: lists of `NAME=PRICE`, which are added.
  ///   - budgets: lists of `NAME=LIMIT`.
  ///   - target: `NAME=VALUE`, which is to be reached.
  ///   - step: the step; nil for the last.
  public init(
    minimise: String, energy: EnergySum?, prices: [String], budgets: [String], target: String?,
    step: Int?
  ) throws {
    func terms(_ name: String, _ price: Double, _ option: String) throws -> [Term] {
      guard name == Self.energyName else { return [Term(name: name, price: price)] }
      guard let energy else {
        throw UsageError(option, found: "energy without --energy", allowed: "--energy SUM as well")
      }
      return energy.terms.map { Term(name: $0.observable.name, price: price * $0.price) }
    }
    name = minimise
    objective =
      try terms(minimise, 1, "--minimise")
      + prices.flatMap { try Self.values($0, option: "--price") }.flatMap {
        try terms($0.name, $0.value, "--price")
      }
    let budgets = try budgets.flatMap { try Self.values($0, option: "--budget") }
    limits =
      try budgets.map {
        Limit(
          option: "--budget", name: $0.name, terms: try terms($0.name, 1, "--budget"),
          value: $0.value)
      }
      + (target.map { [try Target(parsing: $0)] } ?? []).map {
        Limit(
          option: "--target", name: $0.name, terms: [Term(name: $0.name, price: 1)],
          value: $0.value)
      }
    self.step = step
    let names = limits.map(\.name)
    if let twice = names.first(where: { name in names.filter { $0 == name }.count > 1 }) {
      throw UsageError(
        limits.first { $0.name == twice }?.option ?? "", found: "two limits of \(twice)",
        allowed: "one")
    }
  }

  private static func values(_ list: String, option: String) throws -> [NamedNumber] {
    let allowed = "OBSERVABLE=NUMBER >= 0, such as absolute_change=0.6"
    return try list.split(separator: ",", omittingEmptySubsequences: false).map { text in
      let typed = try NamedNumber(parsing: text, option: option, allowed: allowed)
      guard typed.value >= 0 else {
        throw UsageError(option, found: "'\(text)'", allowed: allowed)
      }
      return typed
    }
  }

  /// The names of all observables, each once.
  var names: [String] {
    var seen: Set<String> = []
    return (objective + limits.flatMap(\.terms)).map(\.name).filter { seen.insert($0).inserted }
  }

  /// The sums that the goal is about, among the observables of a recording, at one step.
  ///
  /// Throws a `UsageError` for a name that it does not have.
  func sums(in recording: Recording, at step: Int) throws -> ProtocolSums {
    func sum(_ terms: [Term], _ option: String) throws -> ObservedSum {
      ObservedSum(
        try terms.map { term in
          guard let known = recording.observables.first(where: { $0.name == term.name }) else {
            throw UsageError(
              option, found: "\(term.name), which the theory of this problem does not record",
              allowed: recording.observables.map(\.name).joined(separator: ", "))
          }
          return ObservedSum.Term(known, at: step, times: term.price)
        })
    }
    return ProtocolSums(
      objective: try sum(objective, "--minimise, --price or --energy"),
      limits: try limits.map { (sum: try sum($0.terms, $0.option), value: $0.value) })
  }

  /// What is minimised, in words.
  var text: String {
    objective.map { $0.price == 1 ? $0.name : "\(Number.short($0.price)) \($0.name)" }
      .joined(separator: " + ")
  }
}

/// A goal in the observables of a problem: what is small, and what stays below limits.
struct ProtocolSums: Sendable {
  /// What is minimised.
  let objective: ObservedSum
  /// Sums, and what they must not exceed.
  let limits: [(sum: ObservedSum, value: Double)]

  /// All of it at once, for what has to be known of every term.
  var everything: ObservedSum {
    ObservedSum(objective.terms + limits.flatMap(\.sum.terms))
  }
}
