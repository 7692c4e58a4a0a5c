internal import LearningProblem
internal import Observables
internal import Stationary

extension Study {
  /// `dmft stationary`: the state in which learning ends. Returns the text for standard output and a
  /// sentence if there is no figure.
  public func stationary() throws -> (text: String, warning: String?) {
    let solver = try preparedStationary()
    var warning: String?
    let report = try run {
      StationaryReport(try solver.solve(progress: progress("steady state")), problem)
    } write: { report, directory, seconds in
      try directory.write("kernels.csv") { try StationaryCSV.writeKernels(report, to: &$0) }
      try directory.write("spectra.csv") { try StationaryCSV.writeSpectra(report, to: &$0) }
      try directory.write("effective_temperature.csv") {
        try StationaryCSV.writeTemperature(report, to: &$0)
      }
      warning = try Gnuplot.draw(
        StationaryFigure(report).script, to: "figure.svg", in: directory)
      try directory.write(
        "run.yaml", text: record(seconds: seconds, diagnostics: report.diagnostics))
    }
    let files =
      "kernels.csv, spectra.csv, effective_temperature.csv, "
      + (warning == nil ? "figure.svg, " : "") + "run.yaml"
    return ("\(report.text)\n\nfiles: \(output)/: \(files)", warning)
  }

  private func preparedStationary() throws -> StationarySolver {
    do {
      return try StationarySolver(problem, parallel: parallel)
    } catch {
      throw Failure(error, file: path)
    }
  }
}
