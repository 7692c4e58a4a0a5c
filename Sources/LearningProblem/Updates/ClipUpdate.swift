/// ψ = G clipped to [-c, c]. `[update.rules]`
public struct ClipUpdate: UpdateRule {
  public static let kind = "clip"
  public static let summary = "the gradient, at most threshold in size"
  public static let parameters = [threshold]
  static let threshold = Parameter(
    "threshold", .schedule(.positive), "c, largest gradient that counts in full")

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

  public func settled(at step: Int, on grid: TimeGrid) -> ClipUpdate {
    ClipUpdate(threshold: grid.settled(threshold, at: step))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(min(max(gradient, -c), c))
  }
}
