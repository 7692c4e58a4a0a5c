internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import Observables
internal import RunStorage
internal import Stationary

extension Study {
  /// `dmft aging`: correlations and responses from waiting times on, of one solve. Returns the text
  /// for standard output and a sentence if there is no figure.
  public func aging(_ request: AgingRequest) throws -> (text: String, warning: String?) {
    let solver = try preparedAging(request)
    var warning: String?
    let report = try run {
      let solution = try solver.solve(progress: progress("theory"))
      guard let aging = solution.aging else { preconditionFailure("waiting times were given") }
      let (steady, note) = try steadyState(request)
      return AgingReport(
        aging, solution.diagnostics, dynamics, steady: steady, notes: note.map { [$0] } ?? [])
    } write: { report, directory in
      try directory.write("aging.csv") { try AgingCSV.write(report, to: &$0) }
      if let steady = report.steady {
        try directory.write("effective_temperature.csv") {
          try StationaryCSV.writeTemperature(steady, to: &$0)
        }
      }
      warning = try draw(AgingFigure(report).plot, in: directory)
      return report.entries
    }
    let files =
      "aging.csv, " + (report.steady == nil ? "" : "effective_temperature.csv, ")
      + (warning == nil ? "\(options.figure.fileName), " : "") + "run.yaml"
    return ("\(report.text)\n\nfiles: \(output)/: \(files)", warning)
  }

  private func preparedAging(_ request: AgingRequest) throws -> MeanFieldSolver {
    do {
      try problem.requireSteps()
      try problem.requireConstantRule("aging")
      return try MeanFieldSolver(
        problem, file.theory, paths: file.paths, waiting: request.waiting, parallel: parallel)
    } catch {
      throw Failure(error, file: path)
    }
  }

  /// The steady state to compare with, or why there is none.
  private func steadyState(
    _ request: AgingRequest
  ) throws -> (report: StationaryReport?, note: String?) {
    guard request.comparesSteadyState else { return (nil, nil) }
    do {
      let solution = try stationarySolver().solve(progress: progress("steady state"))
      let note = solution.fluctuates ? nil : "nothing fluctuates in the steady state"
      return (StationaryReport(solution, dynamics), note)
    } catch let error as SolverError {
      return (nil, "no steady state to compare with: \(error)")
    } catch let error as Mismatch {
      return (nil, "no steady state to compare with: \(error)")
    }
  }
}
