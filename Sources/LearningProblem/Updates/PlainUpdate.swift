/// ψ = M G: the gradient where the mask allows it. `[problem.update]`
public struct PlainUpdate: UpdateRule {
  public static let kind = "plain"
  public static let summary = "the gradient where the weight mask is on"
  public static let parameters: [Parameter] = []

  public let isLinear = true

  /// Creates the rule.
  public init() {}

  public init(from section: Section) throws { self.init() }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(gradient)
  }
}
