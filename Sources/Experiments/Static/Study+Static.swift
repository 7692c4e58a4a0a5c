internal import LearningProblem
internal import MaskedDMFT
internal import Limits
internal import RunStorage

extension Study {
  /// `dmft static`: the minimiser at which full-batch learning ends, at one point or along a scan.
  ///
  /// Returns the text for standard output, and one sentence if there is no figure.
  public func staticLimit(scan request: ParameterAxis? = nil) throws -> (
    text: String, warning: String?
  ) {
    let solvers = try preparedStatic(scan: request)
    var warning: String?
    let scan = try run {
      try computed(request, solvers)
    } write: { scan, directory in
      try directory.write("static.csv") { try StaticCSV.write(scan, to: &$0) }
      if let figure = StaticFigure(scan) {
        warning = try draw(figure.plot, in: directory)
      }
      let residual = scan.points.map(\.minimiser.residual).max() ?? 0
      return [("residual", "\(residual)")]
    }
    let figure = request != nil && warning == nil ? "\(options.figure.fileName), " : ""
    let notes = StaticSupport.notes(on: dynamics).map { "\nnote: \($0)" }.joined()
    return (
      scan.text + "\n" + notes + "\nfiles: \(output)/: static.csv, \(figure)run.yaml", warning
    )
  }

  /// A solver at each value of the scanned key; what it does not support becomes a `Failure`.
  func preparedStatic(
    scan request: ParameterAxis?
  ) throws -> [(value: Double?, solver: StaticSolver)] {
    do {
      let problems = try request.map(self.problems) ?? [(nil, problem)]
      return try problems.map { ($0.value, try StaticSolver($0.problem)) }
    } catch {
      throw Failure(error, file: path)
    }
  }

  /// The problem at each value of the scanned key; throws `ProblemError` where it does not take
  /// one.
  private func problems(
    _ request: ParameterAxis
  ) throws -> [(value: Double?, problem: Problem)] {
    try request.values.map { value in
      let overrides = options.overrides + ["\(request.key)=\(value)"]
      return (value, try ProblemFile(source, overrides: overrides).problem)
    }
  }

  /// Each minimiser is sought near the last.
  private func computed(
    _ request: ParameterAxis?, _ solvers: [(value: Double?, solver: StaticSolver)]
  ) throws -> StaticScan {
    let report = progress("static")
    var last: StaticMinimiser?
    var points: [StaticScan.Point] = []
    for (index, entry) in solvers.enumerated() {
      let minimiser = try entry.solver.solve(near: last)
      points.append(
        StaticScan.Point(
          value: entry.value, minimiser: minimiser,
          bounds: TestErrorBounds(try Dynamics(entry.solver.problem))))
      last = minimiser
      report(Double(index + 1) / Double(solvers.count))
    }
    return StaticScan(request: request, points: points)
  }
}
