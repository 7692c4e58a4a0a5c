internal import LearningProblem
internal import NumericalKit
internal import Observables
internal import Stationary
internal import RunStorage

/// `kernels.csv`, `spectra.csv`, `effective_temperature.csv`: a steady state by lag and by
/// frequency.
///
/// Sampled states have a standard error behind every number; what is not known is empty.
enum StationaryCSV {
  /// C, R, S, χ of every lag, frozen parts included.
  static func writeKernels(_ report: StationaryReport, to writer: inout ByteWriter) throws {
    let solution = report.solution
    try write(
      [
        ("correlation", solution.estimates(\.correlation)),
        ("response", solution.estimates(\.weights.response)),
        ("gradient_covariance", solution.estimates(\.gradientCovariance)),
        ("gradient_response", solution.estimates(\.gradients.response)),
      ], report, coordinates: ["lag", "time"], to: &writer
    ) { lag in [Double(lag), report.dynamics.grid.rate(at: 0) * Double(lag)] }
  }

  /// C_f, S_f and the squared sizes of R and χ at every frequency, in radians per step.
  static func writeSpectra(_ report: StationaryReport, to writer: inout ByteWriter) throws {
    let solution = report.solution
    let spectra = solution.states.map { StationarySpectra($0) }
    func estimates(_ quantity: (StationarySpectra) -> [Double]) -> [Estimate] {
      let lists = spectra.map(quantity)
      return lists[0].indices.map { index in Estimate(mean: lists.map { $0[index] }) }
    }
    try write(
      [
        ("correlation", estimates(\.correlation)),
        ("response_squared", estimates { $0.response.map(\.squaredSize) }),
        ("response_real", estimates { $0.response.map(\.re) }),
        ("response_imaginary", estimates { $0.response.map(\.im) }),
        ("gradient_covariance", estimates(\.gradientCovariance)),
        ("gradient_response_real", estimates { $0.gradientResponse.map(\.re) }),
        ("gradient_response_imaginary", estimates { $0.gradientResponse.map(\.im) }),
      ], report, coordinates: ["frequency"], to: &writer
    ) { [spectra[0].frequencies[$0]] }
  }

  /// What the fluctuation-dissipation theorem compares, lag by lag.
  static func writeTemperature(_ report: StationaryReport, to writer: inout ByteWriter) throws {
    let solution = report.solution
    try write(
      [
        ("integrated_response", solution.estimates(\.integratedResponse)),
        ("displacement", solution.estimates(\.displacement)),
        ("fluctuation_dissipation_ratio", solution.estimates(\.fluctuationDissipationRatio)),
        ("effective_temperature", solution.estimates(\.temperature)),
      ], report, coordinates: ["lag", "time"], to: &writer
    ) { lag in [Double(lag), report.dynamics.grid.rate(at: 0) * Double(lag)] }
  }

  private static func write(
    _ columns: [(name: String, values: [Estimate])], _ report: StationaryReport,
    coordinates: [String], to writer: inout ByteWriter, _ place: (Int) -> [Double]
  ) throws {
    let exact = report.solution.isExact
    let names = columns.flatMap { exact ? [$0.name] : [$0.name, $0.name + "_standard_error"] }
    let rows = columns[0].values.indices.map { row -> [CSVCell] in
      let coordinates = zip(coordinates, place(row)).map { name, value in
        name == "lag" ? CSVCell.whole(Int(value)) : text(value)
      }
      let estimates = columns.map { $0.values[row] }
      return coordinates
        + estimates.flatMap { [text($0.value)] + (exact ? [] : [text($0.standardError)]) }
    }
    try CSVWriter.write(coordinates + names, rows, to: &writer)
  }

  /// Zero is `0.0` in these tables.
  private static func text(_ number: Double) -> CSVCell {
    .text(number.isFinite ? "\(number)" : "")
  }
}
