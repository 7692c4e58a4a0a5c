internal import Observables

/// `comparison.csv`: one line per compared observable and step.
public enum ComparisonCSV {
  /// The first line.
  public static let header =
    "observable,step,time,theory,theory_standard_error,training,training_standard_error,distance"

  /// Writes all points; `learningRate` turns steps into times ηt.
  public static func write(
    _ comparison: Comparison, learningRate: Double, to writer: inout ByteWriter
  ) throws {
    try writer.write(header + "\n")
    for point in comparison.points {
      try writer.write("\(point.observable.name),\(point.step)")
      for number in [
        learningRate * Double(point.step), point.theory.value, point.theory.standardError,
        point.training.value, point.training.standardError, point.test.distance,
      ] {
        try writer.write(",")
        try writer.write(number)
      }
      try writer.write("\n")
    }
  }
}

/// `extrapolation.csv`: the straight lines in 1/d.
public enum ExtrapolationCSV {
  /// The first line.
  public static let header =
    "observable,step,time,value,standard_error,slope,slope_standard_error"

  /// Writes all points; `learningRate` turns steps into times ηt.
  public static func write(
    _ extrapolation: Extrapolation, learningRate: Double, to writer: inout ByteWriter
  ) throws {
    try writer.write(header + "\n")
    for point in extrapolation.points {
      try writer.write("\(point.observable.name),\(point.step)")
      for number in [
        learningRate * Double(point.step), point.limit.value, point.limit.standardError,
        point.slope.value, point.slope.standardError,
      ] {
        try writer.write(",")
        try writer.write(number)
      }
      try writer.write("\n")
    }
  }
}
