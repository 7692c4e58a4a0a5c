/// A column of a CSV file, one row for each step; the last value holds after the end of the table.
/// `[schedule.kinds]`
public struct TabulatedSchedule: ScheduleKind {
  public static let kind = "table"
  public static let summary = "a column of a CSV file, one row per step; its last value stays"
  public static let parameters = [pathKey, columnKey]
  static let pathKey = Parameter(
    "path", .text, "the file, beside the problem file or in the working directory")
  static let columnKey = Parameter("column", .text, "the name of the column")

  private let values: [Double]

  /// Creates the schedule from at least one value.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "no values")
    self.values = values
  }

  public init(from section: Section) throws {
    let path = try section.located(Self.pathKey)
    let column = try section.text(Self.columnKey) ?? ""
    let entries = try CSVTable(path: path, label: column).labels
    let values = entries.compactMap(Magnitude.number)
    guard values.count == entries.count else {
      let wrong = entries.first { Magnitude.number($0) == nil } ?? ""
      throw section.problem(
        Self.columnKey.name, found: "\(wrong) in column \(column) of \(path)", allowed: "numbers")
    }
    self.init(values)
  }

  public func value(at step: Double, of steps: Double) -> Double {
    values[min(Int(step), values.count - 1)]
  }

  public func knots(of steps: Int) -> [ScheduleKnot] {
    values.prefix(steps).enumerated().map { ScheduleKnot(step: $0, value: $1) }
  }

  public func moving(knot index: Int, to value: Double, of steps: Int) -> Schedule {
    var moved = values
    moved[index] = value
    return .varying(TabulatedSchedule(moved))
  }
}
