/// Values that hold from given steps on. `[schedule.kinds]`
public struct PiecewiseConstant: ScheduleKind {
  public static let kind = "piecewise"
  public static let summary = "values that hold from each of the steps on"
  public static let parameters = [Knots.stepsKey, Knots.valuesKey]

  private let knots: Knots

  /// Creates the schedule; `steps` ascend from 0, and each has its value.
  public init(steps: [Int], values: [Double]) { knots = Knots(steps: steps, values: values) }

  public init(from section: Section) throws { knots = try Knots(from: section) }

  public func value(at step: Int, of steps: Int) -> Double {
    knots.values[knots.last(before: step)]
  }

  public func knots(of steps: Int) -> [ScheduleKnot] {
    knots.reached(in: steps, isLinear: false)
  }

  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    let moved = knots.moving(index, to: value)
    return .varying(PiecewiseConstant(steps: moved.steps, values: moved.values))
  }
}
