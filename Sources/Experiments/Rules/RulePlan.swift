internal import LearningProblem
internal import MaskedDMFT
internal import Observables

/// A request, checked against the problem before anything long is computed.
struct RulePlan: Sendable {
  /// The rules to run.
  let choices: [RuleChoice]
  /// Rms gradient of a synapse at the first step of the plain rule.
  let initialGradient: Double
  /// What the user should know.
  let notes: [String]

  /// Those that bring a weight mask of their own, and the problem in `file` with each.
  func masking(in file: ProblemFile) throws -> [(name: String, problem: Problem)] {
    try choices.filter(\.bringsMask).map {
      let rate = $0.learningRate ?? file.problem.grid.rate(at: 0)
      return ($0.specification, try $0.problem(in: file, learningRate: rate))
    }
  }

  /// Solves one step of the plain rule; throws for a request that cannot be met.
  init(_ request: RuleRequest, _ trials: RuleTrials) throws {
    // What fits no solve of all steps is refused before the first one is taken.
    let named = try request.rules.isEmpty ? [RuleChoice(parsing: PlainUpdate.kind)] : request.rules
    try named.forEach(trials.check)
    if request.checks { try trials.checkTraining() }
    try Self.check(request.tunes, of: request.rules, in: trials.file.catalogue)
    let first = try trials.firstStep()
    initialGradient = first.gradient
    try Self.check(request, first.recordings)
    if request.rules.isEmpty {
      guard initialGradient.isFinite, initialGradient > 0 else {
        throw UsageError(
          "--rules", found: "none, and a first gradient of \(initialGradient)",
          allowed: "named rules: the standard ones have no scale here")
      }
      let standard = try RuleChoice.standard(
        learningRate: trials.file.problem.grid.rate(at: 0), gradient: initialGradient)
      var kept: [RuleChoice] = []
      var notes: [String] = []
      for choice in standard {
        do {
          try trials.check(choice)
          kept.append(choice)
        } catch let error as SolverError {
          notes.append("\(choice.label) left out: \(error)")
        } catch let error as ProblemError {
          notes.append("\(choice.label) left out: found \(error.found)")
        }
      }
      guard !kept.isEmpty else {
        throw SolverError.unsupported(
          what: "every rule (\(notes[0]))", instead: "--rules with rules that are")
      }
      choices = kept
      self.notes = notes
    } else {
      let repeated = Dictionary(grouping: request.rules, by: \.specification)
        .filter { $0.value.count > 1 }.keys.sorted()
      guard repeated.isEmpty else {
        throw UsageError(
          "--rules", found: "\(repeated.joined(separator: ", ")) twice", allowed: "one of each")
      }
      choices = request.rules
      notes = request.rules.compactMap(Self.momentumNote)
    }
  }

  /// Numbers to tune that no rule has, or whose bounds are not allowed. Without rules there are
  /// the standard ones, which have all numbers but the learning rate.
  private static func check(
    _ tunes: [ControlRequest], of rules: [RuleChoice], in catalogue: Catalogue
  ) throws {
    for tune in tunes {
      let isRate = tune.key == RuleChoice.learningRateKey
      let found = try rules.compactMap { try $0.variable(tune, in: catalogue) }
      guard isRate || found.isEmpty && !rules.isEmpty else { continue }
      let known = Set(rules.flatMap { $0.numbers(in: catalogue) }).sorted().joined(separator: ", ")
      throw UsageError(
        "--tune", found: "\(tune.key), which is no number of these rules",
        allowed: isRate ? "--eta best" : known.isEmpty ? "rules that have numbers" : known)
    }
  }

  /// A target or performance that no run has, that is met at the start, or that nothing can meet.
  private static func check(_ request: RuleRequest, _ recordings: [Recording]) throws {
    let observables = recordings.first?.observables ?? []
    let names = observables.map(\.name)
    for term in request.energy.terms where !names.contains(term.quantity.name) {
      throw SolverError.unsupported(
        what: "\(term.quantity.name) in the theory of this problem",
        instead: "--energy "
          + EnergySum.quantities.map(\.name).filter(names.contains).joined(separator: " or "))
    }
    let falling = observables.filter(\.quantity.mayFall).map(\.name)
    let option = request.target == nil ? "--performance" : "--target"
    let name = request.target?.name ?? request.performance
    guard falling.contains(name) else {
      throw UsageError(
        option,
        found: "\(name), which \(names.contains(name) ? "does not fall" : "is not recorded")",
        allowed: falling.joined(separator: ", "))
    }
    guard let target = request.target,
      let observable = observables.first(where: { $0.name == name })
    else { return }
    let start = recordings.compactMap { $0.values(observable).first?.value }.min() ?? .infinity
    // Losses of machines leave the normalisation out and are negative.
    guard target.value >= 0 || start < 0 else {
      throw UsageError(
        "--target", found: "\(name)=\(target.value), which is never reached",
        allowed: "a number >= 0")
    }
    guard target.value < start else {
      throw UsageError(
        "--target", found: "\(name)=\(target.value), which is met before the first step",
        allowed: "a number < \(start)")
    }
  }

  private static func momentumNote(_ choice: RuleChoice) -> String? {
    guard choice.kind == MomentumUpdate.kind, choice.learningRate == nil,
      let beta = choice.number("coefficient"), beta > 0
    else { return nil }
    return "\(choice.label): at the same learning rate a gradient moves a synapse "
      + "\(Estimate(1 / (1 - beta)).text) times as far as by the plain rule; "
      + "give it learning_rate = (1 - coefficient) times that of the problem to compare"
  }
}
