internal import Foundation

/// Half a period of a cosine over the whole run: `initial` at step 0, towards `final` at the end.
/// `[schedule.kinds]`
public struct CosineDecay: ScheduleKind {
  public static let kind = "cosine"
  public static let summary =
    "final + (initial - final) (1 + cos(pi step/steps))/2, half a period over the run"
  public static let parameters = [initialKey, finalKey]
  static let initialKey = Parameter("initial", .number(.finite), "the value at step 0")
  static let finalKey = Parameter(
    "final", .number(.finite), "the value at the end of the run", default: "0")

  private let initial: Double
  private let final: Double

  /// Creates the schedule.
  public init(initial: Double, final: Double = 0) {
    self.initial = initial
    self.final = final
  }

  public init(from section: Section) throws {
    self.init(
      initial: try section.number(Self.initialKey), final: try section.number(Self.finalKey))
  }

  public var inFlow: FlowShape { .smooth }

  public func value(at step: Double, of steps: Double) -> Double {
    final + (initial - final) * 0.5 * (1 + cos(.pi * step / max(1, steps)))
  }
}
