public import Observables

/// `curves.csv`: one line per observable and step.
public enum CurvesCSV {
  /// The first line.
  public static let header = "step,time,observable,value,standard_error"

  /// Writes all curves; `learningRate` turns steps into times ηt.
  public static func write(
    _ curves: [Curve], learningRate: Double, to writer: inout ByteWriter
  ) throws {
    try writer.write(header + "\n")
    for curve in curves {
      for (step, estimate) in zip(curve.steps, curve.estimates) {
        try writer.write("\(step),")
        try writer.write(learningRate * Double(step))
        try writer.write(",\(curve.observable.name),")
        try writer.write(estimate.value)
        try writer.write(",")
        try writer.write(estimate.standardError)
        try writer.write("\n")
      }
    }
  }
}
