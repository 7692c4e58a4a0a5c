/// Values that hold from given steps on. `[schedule.kinds]`
public struct PiecewiseConstant: ScheduleKind {
  public static let kind = "piecewise"
  public static let summary = "values that hold from each of the steps on"
  public static let parameters = [Knots.stepsKey, Knots.valuesKey]

  private let knots: Knots

  /// Creates the schedule; `steps` ascend from 0, and each has its value.
  public init(steps: [Int], values: [Double]) { knots = Knots(steps: steps, values: values) }

  private init(_ knots: Knots) { self.knots = knots }

  public init(from section: Section) throws { knots = try Knots(from: section) }

  public var inFlow: FlowShape { .none("jumps") }

  public func value(at step: Double, of steps: Double) -> Double {
    knots.values[knots.last(before: step)]
  }

  public func knots(of steps: Int) -> [ScheduleKnot] {
    knots.reached(in: steps, isLinear: false)
  }

  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    .varying(PiecewiseConstant(knots.moving(index, to: value)))
  }
}
