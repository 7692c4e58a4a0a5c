/// ψ = u with u ← β u + G: the heavy ball. `[update.momentum]`
public struct MomentumUpdate: UpdateRule {
  public static let kind = "momentum"
  public static let summary = "a running sum of gradients that forgets (heavy ball)"
  public static let parameters = [coefficient]
  static let coefficient = Parameter(
    "coefficient", .schedule(.rightOpen(0, 1)), "beta, fraction of the running sum kept per step")

  /// β.
  public let coefficient: Schedule
  private let beta: Double  // nan until a schedule is settled

  public var schedules: [(key: Parameter, schedule: Schedule)] {
    [(Self.coefficient, coefficient)]
  }

  /// Creates the rule with β = `coefficient` in [0, 1).
  public init(coefficient: Double) {
    precondition(
      coefficient >= 0 && coefficient < 1, "coefficient must lie in [0, 1), got \(coefficient)")
    self.init(coefficient: .constant(coefficient))
  }

  /// Creates the rule with coefficients β in [0, 1).
  public init(coefficient: Schedule) {
    self.coefficient = coefficient
    beta = coefficient.constant ?? .nan
  }

  public init(from section: Section) throws {
    self.init(coefficient: try section.schedule(Self.coefficient))
  }

  public func settled(at step: Int, on grid: TimeGrid) -> MomentumUpdate {
    MomentumUpdate(coefficient: grid.settled(coefficient, at: step))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    memory = beta * memory + gradient
    return SynapseChange(memory)
  }
}
