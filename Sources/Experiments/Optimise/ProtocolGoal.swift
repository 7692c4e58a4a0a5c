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

  private static func values(
    _ list: String, option: String
  ) throws -> [(name: String, value: Double)] {
    try list.split(separator: ",", omittingEmptySubsequences: false).map { text in
      let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard sides.count == 2, !sides[0].isEmpty, let value = Magnitude.number(sides[1]),
        value >= 0
      else {
        throw UsageError(
          option, found: "'\(text)'", allowed: "OBSERVABLE=NUMBER >= 0, such as absolute_change=0.6"
        )
      }
      return (String(sides[0]), value)
    }
  }

  /// All terms.
  var terms: [Term] { objective + limits.flatMap(\.terms) }

  /// The step of a run of so many.
  func step(of steps: Int) -> Int { step ?? steps }

  /// Whether a recording has all that the goal asks for.
  func isRecorded(in recording: Recording) -> Bool {
    let names = recording.observables.map(\.name)
    return terms.allSatisfy { names.contains($0.name) }
  }

  /// The sum of terms at the step of the goal in a recording of so many steps.
  func sum(_ terms: [Term], in recording: Recording, steps: Int) -> Double {
    guard let row = recording.steps.firstIndex(of: step(of: steps)) else { return .nan }
    return sum(terms, in: recording, row: row)
  }

  /// The sum of terms in a row of a recording.
  func sum(_ terms: [Term], in recording: Recording, row: Int) -> Double {
    terms.reduce(0) { total, term in
      let observable = recording.observables.first { $0.name == term.name }
      return total
        + term.price * (observable.map { recording.values($0)[row].value } ?? .nan)
    }
  }

  /// What is minimised, in words.
  var text: String {
    objective.map { $0.price == 1 ? $0.name : "\(Number.short($0.price)) \($0.name)" }
      .joined(separator: " + ")
  }
}
