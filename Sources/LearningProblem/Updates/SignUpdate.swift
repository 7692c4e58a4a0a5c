/// ψ = sign G: every synapse makes a step of the same size. `[update.rules]`
public struct SignUpdate: UpdateRule {
  public static let kind = "sign"
  public static let summary = "the sign of the gradient: steps of learning_rate"
  public static let parameters: [Parameter] = []

  /// Creates the rule.
  public init() {}

  public init(from section: Section) throws { self.init() }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(gradient > 0 ? 1 : gradient < 0 ? -1 : 0)
  }
}
