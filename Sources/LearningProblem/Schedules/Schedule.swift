/// A number of the learning rule that may depend on the step, or in a flow on the time.
/// `[schedule.kinds]` `[schedule.flow]`
///
/// A literal is the number that holds at every step.
public enum Schedule: Sendable {
  /// A number that holds at every step.
  case constant(Double)
  /// A number that changes from step to step.
  case varying(any ScheduleShape)

  /// The number at a step, counted from 0, of a run of `steps`; in a flow at a time of a duration.
  public func value(at step: Double, of steps: Double) -> Double {
    switch self {
    case .constant(let value): value
    case .varying(let shape): shape.value(at: step, of: steps)
    }
  }

  /// Whether it is the same number at every step.
  public var isConstant: Bool { constant != nil }

  /// The number, if it is the same at every step.
  public var constant: Double? {
    if case .constant(let value) = self { value } else { nil }
  }

  /// The numbers that set it, in a run of `steps`; the number itself if it is the same at every
  /// step.
  public func knots(of steps: Int) -> [ScheduleKnot] {
    switch self {
    case .constant(let value): [ScheduleKnot(step: 0, value: value)]
    case .varying(let shape): shape.knots(of: steps)
    }
  }

  /// The same schedule with knot number `index` at `value`, the others as they are.
  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    switch self {
    case .constant: .constant(value)
    case .varying(let shape): shape.moving(knot: index, to: value, of: steps)
    }
  }

  /// The same schedule times a number.
  public func scaled(by factor: Double) -> Schedule {
    switch self {
    case .constant(let value): .constant(factor * value)
    case .varying(let shape): .varying(ScaledShape(shape: shape, factor: factor))
    }
  }
}

extension Schedule: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) { self = .constant(value) }
}

extension Schedule: CustomStringConvertible {
  /// The number, or the kind of its changes.
  public var description: String {
    switch self {
    case .constant(let value): "\(value)"
    case .varying(let shape): shape.description
    }
  }
}

/// How a number changes from step to step. `[schedule.kinds]`
public protocol ScheduleShape: Sendable, CustomStringConvertible {
  /// The number at a step, counted from 0, of a run of `steps`; in a flow at a time of a duration.
  func value(at step: Double, of steps: Double) -> Double
  /// What it is where time is continuous.
  var inFlow: FlowShape { get }
  /// The numbers that set it, in ascending steps of a run of `steps`; unless a shape has knots, the
  /// first one, which all others are in proportion to.
  func knots(of steps: Int) -> [ScheduleKnot]
  /// The same shape with knot number `index` at `value`, the others as they are.
  func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule
}

extension ScheduleShape {
  /// Of steps, unless a shape says otherwise.
  public var inFlow: FlowShape { .none("is of steps") }

  /// The first number, which all others are in proportion to.
  public func knots(of steps: Int) -> [ScheduleKnot] {
    [ScheduleKnot(step: 0, value: value(at: 0, of: Double(steps)))]
  }

  /// A multiple; the first number is not 0.
  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    let first = self.value(at: 0, of: Double(steps))
    precondition(index == 0 && first != 0, "knot \(index), first value \(first)")
    return Schedule.varying(self).scaled(by: value / first)
  }
}

/// A number of a schedule that its user sets, and the step from which on it counts.
public struct ScheduleKnot: Sendable, Equatable {
  /// The step, from 0.
  public let step: Int
  /// The number.
  public let value: Double
}

/// What a schedule is where time is continuous: an integrator of second order needs to know where
/// it is not smooth. `[schedule.flow]`
public enum FlowShape: Sendable {
  /// A smooth function of the time.
  case smooth
  /// A function of the time that is smooth between these times, of which the first is 0, and bends
  /// or jumps at them; it has no meaning in steps.
  case pieces([Double], jump: Bool)
  /// No function that a flow is integrated with, and why.
  case none(String)
}

/// A kind of schedule that the problem file may name.
public protocol ScheduleKind: ScheduleShape, Ingredient {}

extension ScheduleKind {
  public var description: String { kind }
}

/// A multiple of another schedule.
private struct ScaledShape: ScheduleShape {
  let shape: any ScheduleShape
  let factor: Double

  func value(at step: Double, of steps: Double) -> Double {
    factor * shape.value(at: step, of: steps)
  }

  var inFlow: FlowShape { shape.inFlow }

  var description: String { "\(factor) x \(shape.description)" }
}
