/// ψ = sign(G) max(|G| - c, 0): small gradients do nothing, the rest is shrunk. `[update.rules]`
public struct SoftThresholdUpdate: UpdateRule {
  public static let kind = "soft-threshold"
  public static let summary = "the gradient shrunk by threshold, nothing below it"
  public static let parameters = [threshold]
  static let threshold = Parameter(
    "threshold", .schedule(.positive), "c, largest gradient that changes nothing")

  /// c.
  public let threshold: Schedule
  private let c: Double  // nan until a schedule is settled

  public var schedules: [(key: Parameter, schedule: Schedule)] { [(Self.threshold, threshold)] }

  /// Creates the rule with c = `threshold` > 0.
  public init(threshold: Double) {
    precondition(threshold > 0, "threshold must be > 0, got \(threshold)")
    self.init(threshold: .constant(threshold))
  }

  /// Creates the rule with thresholds c > 0.
  public init(threshold: Schedule) {
    self.threshold = threshold
    c = threshold.constant ?? .nan
  }

  public init(from section: Section) throws {
    self.init(threshold: try section.schedule(Self.threshold))
  }

  public func settled(at step: Int, on grid: TimeGrid) -> SoftThresholdUpdate {
    SoftThresholdUpdate(threshold: grid.settled(threshold, at: step))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(gradient - min(max(gradient, -c), c))
  }
}
