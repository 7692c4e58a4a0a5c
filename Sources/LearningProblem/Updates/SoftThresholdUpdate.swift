/// ψ = sign(G) max(|G| - c, 0): small gradients do nothing, the rest is shrunk. `[update.rules]`
public struct SoftThresholdUpdate: UpdateRule {
  public static let kind = "soft-threshold"
  public static let summary = "the gradient shrunk by threshold, nothing below it"
  public static let parameters = [threshold]
  static let threshold = Parameter(
    "threshold", .number(.positive), "c, largest gradient that changes nothing")

  /// c.
  public let threshold: Double

  /// Creates the rule with c = `threshold` > 0.
  public init(threshold: Double) {
    precondition(threshold > 0, "threshold must be > 0, got \(threshold)")
    self.threshold = threshold
  }

  public init(from section: Section) throws {
    self.init(threshold: try section.number(Self.threshold))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(gradient - min(max(gradient, -threshold), threshold))
  }
}
