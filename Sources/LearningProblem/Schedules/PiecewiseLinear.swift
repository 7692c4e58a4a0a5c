/// Straight lines between values at given steps, and the last value after them. `[schedule.kinds]`
public struct PiecewiseLinear: ScheduleKind {
  public static let kind = "linear"
  public static let summary = "straight lines between values at the steps, such as a warm-up"
  public static let parameters = [Knots.stepsKey, Knots.valuesKey]

  private let knots: Knots

  /// Creates the schedule; `steps` ascend from 0, and each has its value.
  public init(steps: [Int], values: [Double]) { knots = Knots(steps: steps, values: values) }

  public init(from section: Section) throws { knots = try Knots(from: section) }

  public func value(at step: Int, of steps: Int) -> Double {
    let index = knots.last(before: step)
    guard index + 1 < knots.steps.count else { return knots.values[index] }
    let (start, end) = (knots.steps[index], knots.steps[index + 1])
    let part = Double(step - start) / Double(end - start)
    return knots.values[index] + part * (knots.values[index + 1] - knots.values[index])
  }

  public func knots(of steps: Int) -> [ScheduleKnot] {
    knots.reached(in: steps, isLinear: true)
  }

  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    let moved = knots.moving(index, to: value)
    return .varying(PiecewiseLinear(steps: moved.steps, values: moved.values))
  }
}
