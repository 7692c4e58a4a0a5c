internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import Observables
internal import RunStorage
internal import Training

extension Study {
  private struct Results {
    let solution: Solution
    let trainings: [(dimension: Int?, curves: [Curve])]
    let extrapolation: Extrapolation?
    let training: [Curve]
    let comparison: Comparison
    let bounds: TestErrorBounds?
  }

  /// `dmft compare`: theory, training, and their distance.
  ///
  /// With two or more `dimensions` the training is that extrapolated to d → ∞.
  public func compare(dimensions: [Int] = []) throws -> Verdict {
    let solver = try prepared(keepKernels: false)
    let sizes: [Int?] = dimensions.isEmpty ? [nil] : dimensions
    for dimension in sizes { try checkTraining(dimension: dimension) }
    let work = PartsOwner.Work.compare(dimensions: dimensions)
    if options.isShare {
      return Verdict(
        text: try computeShare(of: work, solver: solver, dimensions: sizes), warning: nil,
        agrees: true)
    }
    let names =
      try solver.partNames(of: nil) + sizes.flatMap { try training.partNames(dimension: $0) }
    var warning: String?
    let results = try runInParts(of: work, names) {
      try computed(solver, dimensions, $0)
    } write: { results, directory in
      try write(results, to: directory)
      let figure = CurvesFigure(
        theory: results.solution.curves, training: results.training,
        grid: problem.grid,
        trainingName: results.extrapolation == nil ? "training" : "training, d → ∞",
        bounds: results.bounds)
      warning = try draw(figure.plot, in: directory)
      return results.solution.diagnostics.entries + (results.bounds?.entries ?? [])
        + [("agree", "\(results.comparison.agrees)")]
    }
    return Verdict(
      text: text(results, figure: warning == nil), warning: warning,
      agrees: results.comparison.agrees)
  }

  private func computed(
    _ solver: any TheorySolver, _ dimensions: [Int], _ parts: any PartKeeper
  ) throws -> Results {
    let solution = try solved(solver, parts: parts)
    let sizes: [Int?] = dimensions.isEmpty ? [nil] : dimensions
    let trainings = try sizes.map {
      (dimension: $0, curves: try trained(dimension: $0, parts: parts))
    }
    let sized = trainings.compactMap { entry in
      entry.dimension.map { (dimension: $0, curves: entry.curves) }
    }
    let extrapolation = sized.isEmpty ? nil : Extrapolation(sized)
    let training = extrapolation?.curves ?? trainings[0].curves
    return Results(
      solution: solution, trainings: trainings, extrapolation: extrapolation, training: training,
      comparison: Comparison(theory: solution.curves, training: training),
      bounds: TestErrorBounds(dynamics))
  }

  private func write(_ results: Results, to directory: RunDirectory) throws {
    try directory.write("theory/curves.csv") {
      try CurvesCSV.write(results.solution.curves, grid: problem.grid, to: &$0)
    }
    try directory.write("training/curves.csv") {
      try CurvesCSV.write(results.training, grid: problem.grid, to: &$0)
    }
    for (dimension, curves) in results.trainings {
      guard let dimension else { continue }
      try directory.write("training/d\(dimension)/curves.csv") {
        try CurvesCSV.write(curves, grid: problem.grid, to: &$0)
      }
    }
    if let extrapolation = results.extrapolation {
      try directory.write("extrapolation.csv") {
        try ExtrapolationCSV.write(extrapolation, grid: problem.grid, to: &$0)
      }
    }
    try directory.write("comparison.csv") {
      try ComparisonCSV.write(results.comparison, grid: problem.grid, to: &$0)
    }
  }

  private func text(_ results: Results, figure: Bool) -> String {
    var files = ["\(output)/comparison.csv"]
    if figure { files.append("\(output)/\(options.figure.fileName)") }
    if results.extrapolation != nil { files.append("\(output)/extrapolation.csv") }
    files += ["\(output)/theory/curves.csv", "\(output)/training/curves.csv"]
    let bias = results.extrapolation.map { $0.text + "\n" } ?? ""
    let unmeasured =
      file.training.testSamples == 0
      ? ["training measures no test loss and error: training.test_samples is 0"] : []
    let notes = (results.solution.diagnostics.notes + unmeasured).map { "note: \($0)\n" }.joined()
    let name = results.extrapolation == nil ? "training" : "training, d to infinity"
    let limits = results.bounds.map { $0.text + "\n" } ?? ""
    return bias + results.comparison.text(training: name) + "\n" + limits + notes
      + "files: " + files.joined(separator: "\n       ")
  }
}
