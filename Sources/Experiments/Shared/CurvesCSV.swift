public import LearningProblem
public import Observables
public import RunStorage

/// `curves.csv`: one line per observable and step.
public enum CurvesCSV {
  /// The columns.
  static let header = ["step", "time", "observable", "value", "standard_error"]

  /// Writes all curves; `grid` turns steps into times.
  public static func write(
    _ curves: [Curve], grid: TimeGrid, to writer: inout ByteWriter
  ) throws {
    let rows = curves.lazy.flatMap { curve in
      zip(curve.steps, curve.estimates).lazy.map { step, estimate -> [CSVCell] in
        [
          .whole(step), .number(grid.time(at: step)), .text(curve.observable.name),
          .number(estimate.value), .number(estimate.standardError),
        ]
      }
    }
    try CSVWriter.write(header, rows, to: &writer)
  }
}
