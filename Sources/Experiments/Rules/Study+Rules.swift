internal import LearningProblem
internal import MaskedDMFT
internal import Observables
internal import RunStorage

extension Study {
  /// `dmft rules`: runs learning rules side by side and ranks them by energy and performance.
  public func rules(_ request: RuleRequest) throws -> Verdict {
    let trials = trials(of: request)
    let (plan, masking) = try planned(request, trials)
    var notes = plan.notes
    var warning: String?
    let bounds = TestErrorBounds(dynamics)
    let ranking = try run(rules: masking) {
      try ranked(request, plan, trials, notes: &notes)
    } write: { ranking, directory in
      if let reason = ranking.noDifferences { notes.append(reason) }
      try write(ranking, to: directory)
      warning = try draw(RulesFigure(ranking, bounds: bounds).plot, in: directory)
      return diagnostics(ranking, plan, notes) + (bounds?.entries ?? [])
    }
    let files =
      ["rules.csv"] + (ranking.noDifferences == nil ? ["differences.csv"] : [])
      + (warning == nil ? [options.figure.fileName] : [])
      + ["rules/*/curves.csv"]
    let text =
      ranking.text + "\n\n" + (bounds.map { $0.text + "\n" } ?? "")
      + notes.map { "note: \($0)\n" }.joined() + "files: "
      + files.map { "\(output)/\($0)" }.joined(separator: "\n       ")
    return Verdict(text: text, warning: warning, agrees: ranking.agrees)
  }

  /// How one rule is run.
  func trials(of request: RuleRequest) -> RuleTrials {
    RuleTrials(
      file: file, target: request.target, energy: request.energy, parallel: parallel)
  }

  /// The rules to run, checked against the problem; what is refused becomes a `Failure`.
  func planned(_ request: RuleRequest, _ trials: RuleTrials) throws -> (
    plan: RulePlan, masking: [(name: String, problem: Problem)]
  ) {
    do {
      try problem.requireSteps()
      let plan = try RulePlan(request, trials)
      return (plan, try plan.masking(in: file))
    } catch {
      throw Failure(error, file: path)
    }
  }

  /// Every rule at its given rate, then at its best, then trained directly, as far as asked for.
  private func ranked(
    _ request: RuleRequest, _ plan: RulePlan, _ trials: RuleTrials, notes: inout [String]
  ) throws -> RuleRanking {
    announce("rules", try plan.choices.map(trials.cost))
    var outcomes = try each(plan.choices, "rules") { choice, progress in
      try trials.outcome(
        choice, learningRate: choice.learningRate ?? problem.grid.rate(at: 0),
        rateChoice: choice.learningRate == nil ? .equal : .own, progress: progress)
    }
    if request.searches {
      let best = try each(outcomes, "best numbers") { outcome, _ in
        try trials.best(outcome.choice, from: outcome.learningRate, request)
      }.compactMap(\.self)
      for best in best where !best.atLimit.isEmpty {
        notes.append(
          "\(best.choice.label): the best \(best.atLimit.joined(separator: ", ")) lies at the "
            + "limit of the search")
      }
      outcomes += try each(best, "rules at their best") { best, progress in
        try trials.outcome(
          best.choice, learningRate: best.learningRate, rateChoice: .best, progress: progress)
      }
      let fast = outcomes.filter { $0.rateChoice == .best && $0.isAtTarget && $0.isCoarse }
      if !fast.isEmpty {
        notes.append(
          "at their best the target is reached within five steps, where energies are "
            + "interpolations within steps, by \(fast.map(\.choice.label).joined(separator: ", "))")
      }
    }
    try requireSurvivors(outcomes)
    if request.checks {
      let verdicts = try each(outcomes, "training") { try trials.agrees($0, progress: $1) }
      for (index, verdict) in verdicts.enumerated() { outcomes[index].agrees = verdict }
    }
    return RuleRanking(
      outcomes, energy: request.energy, performance: request.performance, target: request.target)
  }

  /// Refuses to replace a result by tables that hold nothing: throws `SolverError.diverged` with
  /// the last step that any rule has reached.
  private func requireSurvivors(_ outcomes: [RuleOutcome]) throws {
    let ends = outcomes.compactMap { outcome -> Int? in
      guard case .diverged(let step) = outcome.ending else { return nil }
      return step
    }
    guard ends.count == outcomes.count, let last = ends.max() else { return }
    throw SolverError.diverged(
      step: last, solver: outcomes.count == 1 ? "rule" : "last of \(outcomes.count) rules")
  }

  /// One after the other, as one computation to the user; each is parallel within.
  private func each<Item, Result>(
    _ items: [Item], _ name: String,
    _ body: (Item, @escaping @Sendable (Double) -> Void) throws -> Result
  ) throws -> [Result] {
    let report = progress(name)
    let count = Double(items.count)
    return try items.enumerated().map { index, item in
      let result = try body(item) { report((Double(index) + $0) / count) }
      report(Double(index + 1) / count)
      return result
    }
  }

  private func write(_ ranking: RuleRanking, to directory: RunDirectory) throws {
    try directory.write("rules.csv") { try RulesCSV.write(ranking, to: &$0) }
    if ranking.noDifferences == nil {
      try directory.write("differences.csv") { try RuleDifferencesCSV.write(ranking, to: &$0) }
    }
    for (index, outcome) in ranking.outcomes.enumerated() where !outcome.curves.isEmpty {
      let grid = problem.grid.starting(at: outcome.learningRate)
      try directory.write("rules/\(outcome.folder(index + 1))/curves.csv") {
        try CurvesCSV.write(outcome.curves, grid: grid, to: &$0)
      }
    }
  }

  private func diagnostics(
    _ ranking: RuleRanking, _ plan: RulePlan, _ notes: [String]
  ) -> [(key: String, value: String)] {
    let target = ranking.target.map { [("target", "\($0.name)=\($0.value)")] } ?? []
    return target + [
      ("energy", "\(ranking.energy)"), ("performance", ranking.performance),
      ("initial_gradient", "\(plan.initialGradient)"),
      ("rules", plan.choices.map(\.specification).joined(separator: ",")),
      ("agree", "\(ranking.agrees)"),
    ] + notes.enumerated().map { ("note_\($0 + 1)", $1) }
  }
}

extension RuleOutcome {
  /// The folder of its curves: its row in `rules.csv` and its name.
  fileprivate func folder(_ row: Int) -> String {
    let name = choice.label.split(separator: " ").joined(separator: "-")
    return (row < 10 ? "0" : "") + "\(row)-\(name)" + (rateChoice == .best ? "-best" : "")
  }
}
