/// ψ = G clipped to [-c, c]. `[update.rules]`
public struct ClipUpdate: UpdateRule {
  public static let kind = "clip"
  public static let summary = "the gradient, at most threshold in size"
  public static let parameters = [threshold]
  static let threshold = Parameter(
    "threshold", .number(.positive), "c, largest gradient that counts in full")

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
    SynapseChange(min(max(gradient, -threshold), threshold))
  }
}
