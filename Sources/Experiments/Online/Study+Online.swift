internal import LearningProblem
internal import MaskedDMFT
internal import Limits
internal import Observables
internal import RunStorage
internal import Training

extension Study {
  /// One way of presenting the samples of a step: theory, and training if it was asked for.
  private struct Presented {
    let theory: [Curve]
    let training: [Curve]
    var comparison: Comparison? {
      training.isEmpty ? nil : Comparison(theory: theory, training: training)
    }
  }

  private struct OnlineResults {
    let batches: Presented
    let single: Presented
    let bayes: Curve?
    let bounds: TestErrorBounds?

    var agrees: Bool { [batches, single].allSatisfy { $0.comparison?.agrees ?? true } }
  }

  /// `dmft online`: one-pass learning, in batches and sample by sample.
  ///
  /// - Parameter check: whether to train both ways as well, and to compare.
  public func online(check: Bool) throws -> Verdict {
    let solver = try preparedOnline(check: check)
    var warning: String?
    let results = try run {
      try computed(solver, check: check)
    } write: { results, directory in
      try write(results, to: directory)
      let figure = CurvesFigure(
        theory: results.batches.theory, training: results.batches.training,
        grid: problem.grid, theoryName: "batches",
        variant: CurvesFigure.Variant(
          name: "one by one", theory: results.single.theory, training: results.single.training),
        bounds: results.bounds, bayes: results.bayes)
      warning = try draw(figure.plot, in: directory)
      return diagnostics(results, solver)
    }
    return Verdict(
      text: text(results, figure: warning == nil), warning: warning, agrees: results.agrees)
  }

  /// The theory of one pass; what it, or training, does not support becomes a `Failure`.
  func preparedOnline(check: Bool) throws -> OnePass {
    do {
      let solver = try OnePass(problem, parallel: parallel)
      if check { _ = try OnlineTraining(problem, file.training, parallel: parallel).work() }
      return solver
    } catch {
      throw Failure(error, file: path)
    }
  }

  private func computed(_ solver: OnePass, check: Bool) throws -> OnlineResults {
    func presented(_ presentation: OnePass.Presentation, _ name: String) throws -> Presented {
      let theory = try solver.solve(presentation, progress: progress("theory, \(name)"))
      guard check else { return Presented(theory: theory, training: []) }
      let training = try OnlineTraining(problem, file.training, parallel: parallel).run(
        singleSamples: presentation == .singleSamples, progress: progress("training, \(name)"))
      return Presented(theory: theory, training: training)
    }
    let errors = OptimalErrors(dynamics)
    return OnlineResults(
      batches: try presented(.batches, "batches"),
      single: try presented(.singleSamples, "one by one"),
      bayes: errors.map { bayesCurve($0, solver) },
      bounds: errors.map {
        TestErrorBounds(
          $0, of: dynamics,
          samplesPerWeight: solver.samplesPerWeight(step: problem.grid.steps))
      })
  }

  /// The Bayes-optimal error of the samples seen before each of at most 101 steps.
  private func bayesCurve(_ errors: OptimalErrors, _ solver: OnePass) -> Curve {
    let every = (problem.grid.steps + 99) / 100
    var steps = Array(stride(from: 0, through: problem.grid.steps, by: every))
    if steps.last != problem.grid.steps { steps.append(problem.grid.steps) }
    return Curve(
      observable: .bayesTestError, steps: steps,
      estimates: steps.map { errors.bayes(samplesPerWeight: solver.samplesPerWeight(step: $0)) },
      replicas: 1)
  }

  private func write(_ results: OnlineResults, to directory: RunDirectory) throws {
    let bayes = results.bayes.map { [$0] } ?? []
    for (folder, presented) in [("", results.batches), ("single/", results.single)] {
      func write(_ curves: [Curve], to file: String) throws {
        try directory.write(file) {
          try CurvesCSV.write(curves, grid: problem.grid, to: &$0)
        }
      }
      try write(presented.theory + bayes, to: "\(folder)curves.csv")
      guard let comparison = presented.comparison else { continue }
      try write(presented.training, to: "\(folder)training/curves.csv")
      try directory.write("\(folder)comparison.csv") {
        try ComparisonCSV.write(comparison, grid: problem.grid, to: &$0)
      }
    }
  }

  private func diagnostics(
    _ results: OnlineResults, _ solver: OnePass
  ) -> [(key: String, value: String)] {
    let seen = solver.samplesPerWeight(step: problem.grid.steps)
    let agree = results.batches.comparison.map { _ in [("agree", "\(results.agrees)")] } ?? []
    return [("samples_per_weight_seen", "\(seen)")] + (results.bounds?.entries ?? []) + agree
  }

  private func text(_ results: OnlineResults, figure: Bool) -> String {
    var lines: [String] = []
    if let batches = results.batches.comparison, let single = results.single.comparison {
      lines += ["batches of fresh samples", batches.text(training: "training"), ""]
      lines += ["fresh samples one by one", single.text(training: "training")]
    } else {
      var table = TextTable(["observable at step \(problem.grid.steps)", "batches", "one by one"])
      for (batch, single) in zip(results.batches.theory, results.single.theory) {
        table.append([
          batch.observable.name, batch.estimates.last?.text ?? "",
          single.estimates.last?.text ?? "",
        ])
      }
      lines.append(table.text)
    }
    if let bounds = results.bounds { lines += ["", bounds.text] }
    let checked = results.batches.training.isEmpty ? [] : ["comparison.csv", "training/curves.csv"]
    let both = ["curves.csv"] + checked
    let files =
      both + (figure ? [options.figure.fileName] : []) + both.map { "single/\($0)" } + ["run.yaml"]
    return lines.joined(separator: "\n") + "\n\nfiles: \(output)/: "
      + files.joined(separator: ", ")
  }
}
