public import Observables

/// `curves.csv`: one line per observable and step.
public enum CurvesCSV {
  /// The columns.
  static let header = ["step", "time", "observable", "value", "standard_error"]

  /// Writes all curves; `learningRate` turns steps into times ηt.
  public static func write(
    _ curves: [Curve], learningRate: Double, to writer: inout ByteWriter
  ) throws {
    let rows = curves.lazy.flatMap { curve in
      zip(curve.steps, curve.estimates).lazy.map { step, estimate -> [CSVCell] in
        [
          .whole(step), .number(learningRate * Double(step)), .text(curve.observable.name),
          .number(estimate.value), .number(estimate.standardError),
        ]
      }
    }
    try CSVWriter.write(header, rows, to: &writer)
  }
}
