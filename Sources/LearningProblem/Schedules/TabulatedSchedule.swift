/// A column of a CSV file, one row for each step; in a flow straight lines between its values at
/// the times of another column. The last value holds after the end of the table.
/// `[schedule.kinds]` `[schedule.flow]`
public struct TabulatedSchedule: ScheduleKind {
  public static let kind = "table"
  public static let summary =
    "a column of a CSV file, one row per step, in a flow with lines between times; its last value "
    + "stays"
  public static let parameters = [pathKey, columnKey, timeColumnKey]
  static let pathKey = Parameter(
    "path", .text, "the file, beside the problem file or in the working directory")
  static let columnKey = Parameter("column", .text, "the name of the column")
  static let timeColumnKey = Parameter(
    "time_column", .text,
    "in a flow: the name of the column of times, which ascend from 0, at results of the flow",
    optional: true)

  private enum Content {
    case rows([Double])
    case lines(PiecewiseLinear)
  }

  private let content: Content

  /// Creates the schedule from at least one value.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "no values")
    content = .rows(values)
  }

  /// Creates the schedule of a flow; `times` ascend from 0, and each has its value.
  public init(times: [Double], values: [Double]) {
    content = .lines(PiecewiseLinear(times: times, values: values))
  }

  public init(from section: Section) throws {
    let path = try section.located(Self.pathKey)
    let values = try Self.numbers(Self.columnKey, of: path, section)
    guard section.has(Self.timeColumnKey.name) else {
      self.init(values)
      return
    }
    let times = try Self.numbers(Self.timeColumnKey, of: path, section)
    guard Knots.areValid(times) else {
      throw section.problem(
        Self.timeColumnKey.name, found: Self.disorder(of: times) + " in \(path)",
        allowed: "times that ascend from 0")
    }
    self.init(times: times, values: values)
  }

  /// The first time that is out of order.
  private static func disorder(of times: [Double]) -> String {
    guard times[0] == 0 else { return "\(times[0]) first" }
    let pair = zip(times, times.dropFirst()).first { $0 >= $1 }
    return pair.map { "\($1) after \($0)" } ?? ""
  }

  /// The column that a key names.
  private static func numbers(
    _ key: Parameter, of path: String, _ section: Section
  ) throws -> [Double] {
    let column = try section.text(key) ?? ""
    let entries = try CSVTable(path: path, label: column).labels
    let values = entries.compactMap(Magnitude.number)
    guard values.count == entries.count else {
      let wrong = entries.first { Magnitude.number($0) == nil } ?? ""
      throw section.problem(
        key.name, found: "\(wrong) in column \(column) of \(path)", allowed: "numbers")
    }
    return values
  }

  public var inFlow: FlowShape {
    switch content {
    case .rows: .none("has a row for each step; name its time_column in a flow")
    case .lines(let lines): lines.inFlow
    }
  }

  public func value(at step: Double, of steps: Double) -> Double {
    switch content {
    case .rows(let values): values[min(Int(step), values.count - 1)]
    case .lines(let lines): lines.value(at: step, of: steps)
    }
  }

  public func knots(of steps: Int) -> [ScheduleKnot] {
    switch content {
    case .rows(let values):
      values.prefix(steps).enumerated().map { ScheduleKnot(step: $0, value: $1) }
    case .lines(let lines): lines.knots(of: steps)
    }
  }

  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    switch content {
    case .rows(var values):
      values[index] = value
      return .varying(TabulatedSchedule(values))
    case .lines(let lines): return lines.moving(knot: index, to: value, of: steps)
    }
  }
}
