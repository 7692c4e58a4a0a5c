public import LearningProblem
public import Observables
public import RunStorage

/// `comparison.csv`: one line per compared observable and step; the distance of two different
/// numbers without errors is empty.
public enum ComparisonCSV {
  private static let header = [
    "observable", "step", "time", "theory", "theory_standard_error", "training",
    "training_standard_error", "distance",
  ]

  /// Writes all points; `grid` turns steps into times.
  public static func write(
    _ comparison: Comparison, grid: TimeGrid, to writer: inout ByteWriter
  ) throws {
    let rows = comparison.points.lazy.map { point -> [CSVCell] in
      [
        .text(point.observable.name), .whole(point.step),
        .number(grid.time(at: point.step)), .number(point.theory.value),
        .number(point.theory.standardError), .number(point.training.value),
        .number(point.training.standardError),
        .number(point.test.distance.isFinite ? point.test.distance : nil),
      ]
    }
    try CSVWriter.write(header, rows, to: &writer)
  }
}

/// `extrapolation.csv`: the straight lines in 1/d.
public enum ExtrapolationCSV {
  private static let header = [
    "observable", "step", "time", "value", "standard_error", "slope", "slope_standard_error",
  ]

  /// Writes all points; `grid` turns steps into times.
  public static func write(
    _ extrapolation: Extrapolation, grid: TimeGrid, to writer: inout ByteWriter
  ) throws {
    let rows = extrapolation.points.lazy.map { point -> [CSVCell] in
      [
        .text(point.observable.name), .whole(point.step),
        .number(grid.time(at: point.step)), .number(point.limit.value),
        .number(point.limit.standardError), .number(point.slope.value),
        .number(point.slope.standardError),
      ]
    }
    try CSVWriter.write(header, rows, to: &writer)
  }
}
