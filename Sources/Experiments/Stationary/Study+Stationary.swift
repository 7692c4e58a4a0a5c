internal import LearningProblem
internal import MaskedDMFT
internal import Limits
internal import MeanField
internal import Observables
internal import RunStorage
internal import Stationary

extension Study {
  /// `dmft stationary`: the state in which learning ends. Returns the text for standard output and
  /// a sentence if there is no figure.
  public func stationary() throws -> (text: String, warning: String?) {
    let solver = try preparedStationary()
    var warning: String?
    let report = try run {
      StationaryReport(try solver.solve(progress: progress("steady state")), dynamics)
    } write: { report, directory in
      try directory.write("kernels.csv") { try StationaryCSV.writeKernels(report, to: &$0) }
      try directory.write("spectra.csv") { try StationaryCSV.writeSpectra(report, to: &$0) }
      try directory.write("effective_temperature.csv") {
        try StationaryCSV.writeTemperature(report, to: &$0)
      }
      warning = try draw(StationaryFigure(report).plot, in: directory)
      return report.diagnostics
    }
    let files =
      "kernels.csv, spectra.csv, effective_temperature.csv, "
      + (warning == nil ? "\(options.figure.fileName), " : "") + "run.yaml"
    return ("\(report.text)\n\nfiles: \(output)/: \(files)", warning)
  }

  /// That solver; where there is no steady state, a `Failure`.
  func preparedStationary() throws -> StationarySolver {
    do {
      return try stationarySolver()
    } catch {
      throw Failure(error, file: path)
    }
  }

  /// The solver for the steady state of the problem; throws where there is none, as far as that is
  /// known beforehand.
  func stationarySolver() throws -> StationarySolver {
    try refuseSeparable()
    return try StationarySolver(
      problem, file.theory.sampling, alwaysSamples: file.theory.sites == .ensemble,
      parallel: parallel)
  }

  /// Without decay, weights that can separate the samples grow for ever.
  private func refuseSeparable() throws {
    guard problem.rule.weightDecay.constant == 0,
      let minimiser = try? StaticSolver(problem).solve(),
      minimiser.regime == .maximumMargin
    else { return }
    throw SolverError.notConverged(
      what:
        "no steady state: up to \(Number.short(minimiser.separabilityThreshold)) samples per "
        + "weight can be separated, and without weight_decay the weights then grow for ever",
      instead: "weight_decay above 0, or more samples_per_weight")
  }
}
