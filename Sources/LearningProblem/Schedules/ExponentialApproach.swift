internal import Foundation

/// An exponential approach: final + (initial - final) exp(-rate t). `[schedule.kinds]`
public struct ExponentialApproach: ScheduleKind {
  public static let kind = "exponential"
  public static let summary = "final + (initial - final) exp(-rate step)"
  public static let parameters = [initialKey, finalKey, rateKey]
  static let initialKey = Parameter("initial", .number(.finite), "the value at step 0")
  static let finalKey = Parameter(
    "final", .number(.finite), "the value after many steps", default: "0")
  static let rateKey = Parameter(
    "rate", .number(.positive), "inverse number of steps, in a flow inverse time")

  private let initial: Double
  private let final: Double
  private let rate: Double

  /// Creates the schedule; `rate` > 0 is per step.
  public init(initial: Double, final: Double = 0, rate: Double) {
    precondition(rate > 0, "rate \(rate) > 0")
    self.initial = initial
    self.final = final
    self.rate = rate
  }

  public init(from section: Section) throws {
    self.init(
      initial: try section.number(Self.initialKey), final: try section.number(Self.finalKey),
      rate: try section.number(Self.rateKey))
  }

  public var inFlow: FlowShape { .smooth }

  public func value(at step: Double, of steps: Double) -> Double {
    final + (initial - final) * exp(-rate * step)
  }
}
