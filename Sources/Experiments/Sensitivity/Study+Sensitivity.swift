internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import Observables
internal import RunStorage

extension Study {
  /// `dmft sensitivity`: which step's numbers of the learning rule matter for an observable.
  /// Returns the text for standard output and a sentence if there is no figure.
  public func sensitivity(
    _ request: SensitivityRequest
  ) throws -> (text: String, warning: String?) {
    let step: Int
    do {
      try problem.requireSteps()
      step = try request.step(of: problem.grid.steps)
    } catch {
      throw Failure(error, file: path)
    }
    var warning: String?
    let report = try run {
      SensitivityReport(try measured(request, at: step))
    } write: { report, directory in
      try directory.write("sensitivity.csv") {
        try SensitivityCSV.write(report.sensitivity, to: &$0)
      }
      warning = try draw(SensitivityFigure(report.sensitivity).plot, in: directory)
      return report.entries
    }
    let files =
      "sensitivity.csv, " + (warning == nil ? "\(options.figure.fileName), " : "") + "run.yaml"
    return ("\(report.text)\n\nfiles: \(output)/: \(files)", warning)
  }

  /// By the adjoint where there is one for the observable, else by differences.
  private func measured(_ request: SensitivityRequest, at step: Int) throws -> Sensitivity {
    let reason: String
    do {
      let adjoint = try ClosedAdjoint(problem, parallel: parallel)
      if let observable = adjoint.observables.first(where: { $0.name == request.observable }) {
        return Sensitivity(
          try adjoint.gradient(of: ObservedSum(observable, at: step)), dynamics, observable,
          at: step)
      }
      reason = "closed equations alone do not give \(request.observable)"
    } catch let SolverError.unsupported(what, _) {
      reason = "\(what) is not supported"
    }
    return try SensitivityDifferences(
      file, relativeStep: request.relativeStep, parallel: parallel, read: rereading,
      progress: progress("sensitivity")
    ).sensitivity(of: request.observable, at: step, reason: reason)
  }
}
