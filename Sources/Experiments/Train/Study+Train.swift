internal import LearningProblem
internal import MaskedDMFT
internal import Observables
internal import Training

extension ResultFiles {
  /// The files of `dmft train`.
  static let train = ResultFiles(["run.yaml", "curves.csv"])
}

extension Study {
  /// `dmft train`: direct training. Returns the text for standard output.
  public func train() throws -> String {
    let bounds = TestErrorBounds(dynamics)
    let curves = try run {
      try trained(dimension: nil)
    } write: { curves, directory, seconds in
      try directory.write("curves.csv") {
        try CurvesCSV.write(curves, grid: problem.grid, to: &$0)
      }
      try directory.write(
        "run.yaml", text: record(seconds: seconds, diagnostics: bounds?.entries ?? []))
    }
    return summary(curves, bounds: bounds, files: "curves.csv, run.yaml")
  }

  /// Curves of the training in `dimension`, by default that of the problem.
  func trained(dimension: Int?) throws -> [Curve] {
    let name = "training" + (dimension.map { " d = \($0)" } ?? "")
    return try DirectTraining(problem, file.training, paths: file.paths, parallel: parallel)
      .run(dimension: dimension, progress: progress(name))
  }
}
