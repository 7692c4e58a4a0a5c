internal import Foundation

/// A power of the step: initial (1 + t/timescale)^-exponent. `[schedule.kinds]`
public struct PowerDecay: ScheduleKind {
  public static let kind = "power"
  public static let summary = "initial (1 + step/timescale)^-exponent"
  public static let parameters = [initialKey, exponentKey, timescaleKey]
  static let initialKey = Parameter("initial", .number(.finite), "the value at step 0")
  static let exponentKey = Parameter(
    "exponent", .number(.closed(-10, 10)), "the power with which it falls", default: "0.5")
  static let timescaleKey = Parameter(
    "timescale", .number(.positive), "steps, in a flow the time, after which it starts to fall",
    default: "1")

  private let initial: Double
  private let exponent: Double
  private let timescale: Double

  /// Creates the schedule; `timescale` > 0 is in steps, or in time.
  public init(initial: Double, exponent: Double = 0.5, timescale: Double = 1) {
    precondition(timescale > 0, "timescale \(timescale) > 0")
    self.initial = initial
    self.exponent = exponent
    self.timescale = timescale
  }

  public init(from section: Section) throws {
    self.init(
      initial: try section.number(Self.initialKey),
      exponent: try section.number(Self.exponentKey),
      timescale: try section.number(Self.timescaleKey))
  }

  public var inFlow: FlowShape { .smooth }

  public func value(at step: Double, of steps: Double) -> Double {
    initial * pow(1 + step / timescale, -exponent)
  }
}
