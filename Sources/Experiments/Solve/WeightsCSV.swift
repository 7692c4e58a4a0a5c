public import Observables
public import RunStorage

/// `weights.csv`: the distribution of each unit's weights at the last step.
public enum WeightsCSV {
  /// Weights are in units of their root mean square.
  private static let header = ["unit", "weight_over_rms", "density", "standard_error"]

  /// Writes densities over the bins of `WeightHistogram`, [k][bin].
  public static func write(_ densities: [[Estimate]], to writer: inout ByteWriter) throws {
    let rows = densities.enumerated().lazy.flatMap { k, row in
      zip(WeightHistogram.centres, row).lazy.map { centre, density -> [CSVCell] in
        [
          .whole(k + 1), .number((centre * 10).rounded() / 10), .number(density.value),
          .number(density.standardError),
        ]
      }
    }
    try CSVWriter.write(header, rows, to: &writer)
  }
}
