/// Straight lines between values at given steps, in a flow at given times, and the last value after
/// them. `[schedule.kinds]` `[schedule.flow]`
public struct PiecewiseLinear: ScheduleKind {
  public static let kind = "linear"
  public static let summary = "straight lines between values at the steps, in a flow at the times"
  public static let parameters = [Knots.stepsKey, Knots.timesKey, Knots.valuesKey]

  private let knots: Knots

  /// Creates the schedule; `steps` ascend from 0, and each has its value.
  public init(steps: [Int], values: [Double]) { knots = Knots(steps: steps, values: values) }

  /// Creates the schedule of a flow; `times` ascend from 0, and each has its value.
  public init(times: [Double], values: [Double]) { knots = Knots(times: times, values: values) }

  private init(_ knots: Knots) { self.knots = knots }

  public init(from section: Section) throws { knots = try Knots(from: section) }

  public var inFlow: FlowShape { knots.inFlow(jump: false) }

  public func value(at step: Double, of steps: Double) -> Double {
    let index = knots.last(before: step)
    guard index + 1 < knots.places.count else { return knots.values[index] }
    let (start, end) = (knots.places[index], knots.places[index + 1])
    let part = (step - start) / (end - start)
    return knots.values[index] + part * (knots.values[index + 1] - knots.values[index])
  }

  public func knots(of steps: Int) -> [ScheduleKnot] {
    knots.reached(in: steps, isLinear: true)
  }

  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    .varying(PiecewiseLinear(knots.moving(index, to: value)))
  }
}
