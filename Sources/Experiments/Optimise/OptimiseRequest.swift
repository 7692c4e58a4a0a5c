public import NumericalKit

/// What `dmft optimise` is asked for.
public struct OptimiseRequest: Sendable {
  /// What is to be small, and what is limited.
  public let goal: ProtocolGoal
  /// The numbers to choose.
  public let controls: [ControlRequest]
  /// Nodes of each control; nil takes one at each step where there are gradients, else 4.
  public let knots: Int?
  /// Searches from different places.
  public let starts: Int
  /// The most solves of a search.
  public let evaluations: Int
  /// How it is searched; nil takes what suits the problem.
  public let method: BoundedMinimisation.Method?
  /// Whether both protocols are trained directly.
  public let checks: Bool

  /// Creates a request; throws a `UsageError`.
  public init(
    goal: ProtocolGoal, controls: [ControlRequest], knots: Int? = nil, starts: Int = 3,
    evaluations: Int = 200, method: BoundedMinimisation.Method? = nil, checks: Bool = false
  ) throws {
    guard !controls.isEmpty else {
      throw UsageError("--over", found: "nothing", allowed: "a key such as learning_rate")
    }
    let keys = controls.map(\.key)
    if let twice = keys.first(where: { key in keys.filter { $0 == key }.count > 1 }) {
      throw UsageError("--over", found: "\(twice) twice", allowed: "each key once")
    }
    func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
      guard range.contains(value) else {
        throw UsageError(
          option, found: "\(value)",
          allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
      }
    }
    if let knots { try check("--knots", knots, 1...1000) }
    try check("--starts", starts, 1...100)
    try check("--evaluations", evaluations, 2...100_000)
    if let method, method == .lbfgs || method == .bobyqa, !goal.limits.isEmpty {
      throw UsageError(
        "--method", found: "\(method.rawValue) with limits", allowed: "mma, slsqp or cobyla")
    }
    self.goal = goal
    self.controls = controls
    self.knots = knots
    self.starts = starts
    self.evaluations = evaluations
    self.method = method
    self.checks = checks
  }
}
