/// Values that hold from given steps on, in a flow from given times on. `[schedule.kinds]`
/// `[schedule.restart]`
public struct PiecewiseConstant: ScheduleKind {
  public static let kind = "piecewise"
  public static let summary = "values that hold from each of the steps on, in a flow of the times"
  public static let parameters = [Knots.stepsKey, Knots.timesKey, Knots.valuesKey]

  private let knots: Knots

  /// Creates the schedule; `steps` ascend from 0, and each has its value.
  public init(steps: [Int], values: [Double]) { knots = Knots(steps: steps, values: values) }

  /// Creates the schedule of a flow; `times` ascend from 0, and each has its value.
  public init(times: [Double], values: [Double]) { knots = Knots(times: times, values: values) }

  private init(_ knots: Knots) { self.knots = knots }

  public init(from section: Section) throws { knots = try Knots(from: section) }

  public var inFlow: FlowShape { knots.inFlow(jump: true) }

  public func value(at step: Double, of steps: Double) -> Double {
    // The time of a point is rounded, and a jump is over at its own.
    let slack = knots.areTimes ? Flow.sameTime * steps : 0
    return knots.values[knots.last(before: step + slack)]
  }

  public func knots(of steps: Int) -> [ScheduleKnot] {
    knots.reached(in: steps, isLinear: false)
  }

  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    .varying(PiecewiseConstant(knots.moving(index, to: value)))
  }
}
