internal import LearningProblem
internal import MaskedDMFT
internal import Observables
internal import RunStorage
internal import Training

extension Study {
  /// `dmft train`: direct training. Returns the text for standard output.
  public func train() throws -> String {
    let bounds = TestErrorBounds(dynamics)
    let curves = try run {
      try trained(dimension: nil)
    } write: { curves, directory in
      try directory.write("curves.csv") {
        try CurvesCSV.write(curves, grid: problem.grid, to: &$0)
      }
      return bounds?.entries ?? []
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
