/// Competition in which the losers keep what they would have changed by, for the next step.
/// `[update.feedback]`
///
///   e ← e + G,   ψ = e and e ← 0 where |e| > θ(t), the (1 - p) quantile of |e|.
///
/// Seide et al., Interspeech 2014; Stich et al., NeurIPS 2018 (memory).
public struct ErrorFeedbackUpdate: UpdateRule {
  public static let kind = "error-feedback"
  public static let summary = "top-fraction, with what did not change kept for later steps"
  public static let parameters = [fractionParameter]

  /// p.
  public let fraction: Schedule
  public var winningFraction: Double? { fraction.constant ?? .nan }  // nan until it is settled

  public var schedules: [(key: Parameter, schedule: Schedule)] { [(fractionParameter, fraction)] }

  /// Creates the rule with p = `fraction` in (0, 1].
  public init(fraction: Double) {
    precondition(fraction > 0 && fraction <= 1, "fraction must lie in (0, 1], got \(fraction)")
    self.init(fraction: .constant(fraction))
  }

  /// Creates the rule with fractions p in (0, 1].
  public init(fraction: Schedule) { self.fraction = fraction }

  public init(from section: Section) throws {
    self.init(fraction: try section.schedule(fractionParameter))
  }

  public func settled(at step: Int, on grid: TimeGrid) -> ErrorFeedbackUpdate {
    ErrorFeedbackUpdate(fraction: grid.settled(fraction, at: step))
  }

  public func score(gradient: Double, memory: Double, in step: UpdateStep) -> Double {
    abs(memory + step.relativeRate * gradient)
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    memory += step.relativeRate * gradient
    guard abs(memory) > step.threshold else { return SynapseChange(0) }
    defer { memory = 0 }
    return SynapseChange(memory / step.relativeRate)
  }
}
