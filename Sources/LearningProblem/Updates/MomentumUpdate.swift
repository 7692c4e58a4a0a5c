/// ψ = u with u ← β u + G: the heavy ball. `[update.momentum]`
public struct MomentumUpdate: UpdateRule {
  public static let kind = "momentum"
  public static let summary = "a running sum of gradients that forgets (heavy ball)"
  public static let parameters = [coefficient]
  static let coefficient = Parameter(
    "coefficient", .number(.rightOpen(0, 1)), "beta, fraction of the running sum kept per step")

  /// β.
  public let coefficient: Double

  /// Creates the rule with β = `coefficient` in [0, 1).
  public init(coefficient: Double) {
    precondition(
      coefficient >= 0 && coefficient < 1, "coefficient must lie in [0, 1), got \(coefficient)")
    self.coefficient = coefficient
  }

  public init(from section: Section) throws {
    self.init(coefficient: try section.number(Self.coefficient))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    memory = coefficient * memory + gradient
    return SynapseChange(memory)
  }
}
