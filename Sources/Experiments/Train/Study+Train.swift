internal import LearningProblem
internal import MaskedDMFT
internal import Observables
internal import RunStorage
internal import Training

extension Study {
  /// `dmft train`: direct training. Returns the text for standard output.
  public func train() throws -> String {
    let note = try checkTraining(dimension: nil)
    let bounds = TestErrorBounds(dynamics)
    let curves = try run {
      try trained(dimension: nil)
    } write: { curves, directory in
      try directory.write("curves.csv") {
        try CurvesCSV.write(curves, grid: problem.grid, to: &$0)
      }
      return (bounds?.entries ?? []) + (note.map { [("note_1", $0)] } ?? [])
    }
    return summary(curves, bounds: bounds, files: "curves.csv, run.yaml")
      + (note.map { "\nnote: \($0)" } ?? "")
  }

  /// Refuses a training that the memory granted does not hold, before anything is computed; returns
  /// what is to be said about it.
  @discardableResult
  func checkTraining(dimension: Int?) throws -> String? {
    do {
      return try training.work(dimension: dimension).note
    } catch {
      throw Failure(error, file: path)
    }
  }

  /// Direct training as the problem file asks for it.
  var training: DirectTraining {
    get throws {
      try DirectTraining(problem, file.training, paths: file.paths, parallel: parallel)
    }
  }

  /// Curves of the training in `dimension`, by default that of the problem.
  func trained(dimension: Int?) throws -> [Curve] {
    let name = "training" + (dimension.map { " d = \($0)" } ?? "")
    let training = try training
    announce(name, operations: training.operations(dimension: dimension))
    return try training.run(dimension: dimension, progress: progress(name))
  }
}
