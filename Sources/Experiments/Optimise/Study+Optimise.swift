internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import Observables
internal import RunStorage
internal import Training

extension Study {
  /// Nodes of controls where there are no gradients and nothing else is asked for.
  private static var fewKnots: Int { 4 }

  /// `dmft optimise`: the best protocol of controls, beside the best constant values.
  public func optimise(_ request: OptimiseRequest) throws -> Verdict {
    let (trials, controls) = try prepared(request)
    var warning: String?
    let result = try run {
      try searched(request, trials, controls)
    } write: { result, directory in
      try write(result, to: directory)
      warning = try draw(ProtocolFigure(result).plot, in: directory)
      return result.entries
    }
    let files =
      ["protocol.yaml", ProtocolCSV.file, "history.csv"]
      + (warning == nil ? [options.figure.fileName] : [])
      + ["protocol/curves.csv", "constant/curves.csv"]
    let text =
      result.text + "\n\nfiles: " + files.map { "\(output)/\($0)" }.joined(separator: "\n       ")
    return Verdict(text: text, warning: warning, agrees: result.agrees)
  }

  private func prepared(_ request: OptimiseRequest) throws -> (ProtocolTrials, [ControlVariable]) {
    do {
      try problem.requireSteps()
      let controls = try request.controls.map { try $0.variable(in: file) }
      if request.checks { try checkTraining(dimension: nil) }
      let trials = try ProtocolTrials(
        file, request.goal, controls, parallel: parallel, read: rereading)
      if let method = request.method, method.needsGradients, !trials.hasGradients {
        throw UsageError(
          "--method", found: "\(method.rawValue), which needs gradients",
          allowed: "bobyqa or cobyla here: the march has an adjoint for closed equations alone")
      }
      return (trials, controls)
    } catch {
      throw Failure(error, file: path)
    }
  }

  private func searched(
    _ request: OptimiseRequest, _ trials: ProtocolTrials, _ controls: [ControlVariable]
  ) throws -> ProtocolResult {
    let steps = problem.grid.steps
    let search = ProtocolSearch(
      trials: trials, request: request, seed: file.theory.sampling.seed)
    let given = { (index: Int, step: Int) -> Double in
      file.numbers[controls[index].key].map { problem.grid.value(of: $0.value, at: step) } ?? 0
    }
    let flat = ProtocolFamily.constant(controls, steps: steps)
    let constant = try search.best(
      flat, phase: "constant", from: [flat.positions(given)],
      progress: progress("constant values"))
    let knots = request.knots ?? (trials.hasGradients ? steps : Self.fewKnots)
    let family = ProtocolFamily(controls, knots: knots, steps: steps)
    let optimal = try search.best(
      family, phase: "protocol",
      from: [
        family.positions { index, step in flat.values(constant.positions, index)[step] },
        family.positions(given),
      ], progress: progress("protocols"))
    guard optimal.violation <= search.slack else {
      throw SolverError.notConverged(
        what: "no protocol keeps the limits (the closest exceeds one by "
          + "\(Number.short(optimal.violation)))",
        instead: "a larger --budget or --target, wider bounds of --over, or more steps")
    }
    var result = ProtocolResult(
      goal: request.goal, sums: trials.sums, controls: controls,
      constant: try side(constant, trials),
      optimal: try side(optimal, trials), slack: search.slack)
    if request.checks {
      result.constant.training = try trained(result.constant, "training, constant")
      result.optimal.training = try trained(result.optimal, "training, protocol")
    }
    return result
  }

  private func side(
    _ outcome: ProtocolSearch.Outcome, _ trials: ProtocolTrials
  ) throws -> ProtocolResult.Side {
    let file = try trials.read(outcome.family.overrides(outcome.positions))
    return ProtocolResult.Side(
      outcome: outcome, file: file, solution: try trials.solution(file))
  }

  private func trained(_ side: ProtocolResult.Side, _ name: String) throws -> [Recording] {
    try DirectTraining(
      side.file.problem, side.file.training, paths: side.file.paths, parallel: parallel
    ).recordings(progress: progress(name))
  }

  private func write(_ result: ProtocolResult, to directory: RunDirectory) throws {
    try directory.write(ProtocolCSV.file) { try ProtocolCSV.write(result, to: &$0) }
    let resolved = ProblemSource(text: file.resolvedYAML, name: path)
    let controlled = result.controls.filter { !$0.isConstant }
    let tuned = result.controls.filter(\.isConstant).map { control in
      "\(control.key)=\(result.value(of: control))"
    }
    try directory.write(
      "protocol.yaml",
      text: resolved.setting(ProtocolCSV.overrides(controlled) + tuned).text)
    try directory.write("history.csv") { try SearchHistoryCSV.write(result, to: &$0) }
    for (folder, side) in [("protocol", result.optimal), ("constant", result.constant)] {
      let grid = side.file.problem.grid
      try directory.write("\(folder)/curves.csv") {
        try CurvesCSV.write(side.solution.curves, grid: grid, to: &$0)
      }
      guard !side.training.isEmpty else { continue }
      try directory.write("\(folder)/training/curves.csv") {
        try CurvesCSV.write(Curve.mean(of: side.training), grid: grid, to: &$0)
      }
    }
  }
}
