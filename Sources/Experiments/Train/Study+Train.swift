internal import LearningProblem
internal import MaskedDMFT
internal import NumericalKit
internal import Observables
internal import RunStorage
internal import Training

extension Study {
  /// `dmft train`: direct training. Returns the text for standard output.
  public func train() throws -> String {
    let note = try checkTraining(dimension: nil)
    if options.isShare { return try computeShare(of: .train, dimensions: [nil]) }
    let bounds = TestErrorBounds(dynamics)
    let curves = try runInParts(of: .train, training.partNames()) {
      try trained(dimension: nil, parts: $0)
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
  func trained(dimension: Int?, parts: any PartKeeper) throws -> [Curve] {
    Curve.mean(of: try recorded(nil, dimension: dimension, parts: parts))
  }

  /// What the training runs of those numbers measured, by default all.
  func recorded(
    _ runs: Range<Int>?, dimension: Int?, parts: any PartKeeper
  ) throws -> [Recording] {
    let name = "training" + (dimension.map { " d = \($0)" } ?? "")
    let training = try training
    if merged == nil { announce(name, operations: training.operations(dimension: dimension)) }
    return try training.recordings(
      of: runs, dimension: dimension, parts: parts, progress: limitedProgress(name))
  }
}
