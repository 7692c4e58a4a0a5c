public import Observables

/// `weights.csv`: the distribution of each unit's weights at the last step.
public enum WeightsCSV {
  /// The first line; weights are in units of their root mean square.
  public static let header = "unit,weight_over_rms,density,standard_error"

  /// Writes densities over the bins of `WeightHistogram`, [k][bin].
  public static func write(_ densities: [[Estimate]], to writer: inout ByteWriter) throws {
    try writer.write(header + "\n")
    for (k, row) in densities.enumerated() {
      for (centre, estimate) in zip(WeightHistogram.centres, row) {
        try writer.write("\(k + 1),")
        try writer.write((centre * 10).rounded() / 10)
        try writer.write(",")
        try writer.write(estimate.value)
        try writer.write(",")
        try writer.write(estimate.standardError)
        try writer.write("\n")
      }
    }
  }
}
