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

  private var training: DirectTraining {
    get throws {
      try DirectTraining(problem, file.training, paths: file.paths, parallel: parallel)
    }
  }

  /// Curves of the training in `dimension`, by default that of the problem.
  func trained(dimension: Int?) throws -> [Curve] {
    let name = "training" + (dimension.map { " d = \($0)" } ?? "")
    let training = try training
    let operations = training.operations(dimension: dimension)
    if operations > 1e12 {
      announce(
        name, operations: operations,
        advice: "a smaller training.dimension, training.runs or samples_per_weight")
    }
    return try training.run(dimension: dimension, progress: progress(name))
  }

  /// Says how large a computation is that takes long before its first tenth is done.
  func announce(_ name: String, operations: Double, advice: String) {
    guard !options.quiet else { return }
    ProgressReporter.standardError(
      "\(name): about \(Number.rough(operations)) operations, some minutes for each 1e12; "
        + "what lowers them: \(advice)\n")
  }
}
