internal import Observables
internal import RunStorage

/// `sensitivity.csv`: a row for each control and step, or knot of its schedule.
enum SensitivityCSV {
  /// Writes the rows; standard errors where anything is sampled.
  static func write(_ sensitivity: Sensitivity, to writer: inout ByteWriter) throws {
    let isExact = sensitivity.isExact
    func names(_ name: String) -> [String] {
      isExact ? [name] : [name, name + "_standard_error"]
    }
    func cells(_ estimate: Estimate) -> [CSVCell] {
      [.number(estimate.value)] + (isExact ? [] : [.number(estimate.standardError)])
    }
    let rows = sensitivity.entries.map { entry -> [CSVCell] in
      [
        .whole(entry.step), .number(entry.time), .text(entry.control.rawValue),
        .number(entry.value),
      ] + cells(entry.derivative) + cells(entry.elasticity)
    }
    try CSVWriter.write(
      ["step", "time", "control", "value"] + names("derivative") + names("elasticity"), rows,
      to: &writer)
  }
}
