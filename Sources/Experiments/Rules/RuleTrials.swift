internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import Observables
internal import Training

/// Runs rules on one problem: the theory, the search for the best learning rate, direct training.
struct RuleTrials: Sendable {
  /// Batches of a solve during the search; the same ones, with the same random numbers, every time.
  static let searchBatches = 2
  /// Part of the steps in which the search wants the target reached, so that all batches reach it
  /// in the end.
  static let searchSteps = 0.95

  let file: ProblemFile
  let target: Target?
  let energy: EnergySum
  let parallel: ParallelFor

  /// The first step of the plain rule: what is recorded, and the size of the gradient.
  func firstStep() throws -> (recordings: [Recording], gradient: Double) {
    let plain = try RuleChoice(parsing: PlainUpdate.kind)
    let rate = file.problem.grid.rate(at: 0)
    let problem = try plain.problem(in: file, learningRate: rate).with {
      $0.timing = .steps($0.timing.grid.first(1))
    }
    let solution = try solver(problem).solve()
    if let gradient = gradient(solution, rate) { return (solution.recordings, gradient) }
    // No hidden unit learns at this step: all of them tell the size.
    let free = try problem.with { $0.rule.weightMask = FullMask() }
    return (solution.recordings, try gradient(solver(free).solve(), rate) ?? 0)
  }

  /// The rms gradient of the synapses that the first step wrote; nil if it wrote none.
  private func gradient(_ solution: Solution, _ rate: Double) -> Double? {
    func last(_ observable: Observable) -> Double {
      solution.curves[observable]?.last?.value ?? 0
    }
    let writes = last(.writes)
    return writes > 0 ? (last(.squaredChange) / writes).squareRoot() / rate : nil
  }

  /// Throws what is wrong with the problem of this rule, before anything is computed.
  func check(_ choice: RuleChoice) throws {
    let rate = choice.learningRate ?? file.problem.grid.rate(at: 0)
    _ = try solver(choice.problem(in: file, learningRate: rate))
  }

  /// Throws if the memory granted does not hold the training of a rule.
  func checkTraining() throws {
    _ = try DirectTraining(file.problem, file.training, paths: file.paths, parallel: parallel)
      .work()
  }

  /// What the theory of a rule takes.
  func cost(_ choice: RuleChoice) throws -> MarchCost {
    let rate = choice.learningRate ?? file.problem.grid.rate(at: 0)
    return try solver(choice.problem(in: file, learningRate: rate)).cost
  }

  /// Solves the theory of a rule.
  func outcome(
    _ choice: RuleChoice, learningRate: Double, rateChoice: RuleOutcome.RateChoice,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> RuleOutcome {
    let problem = try choice.problem(in: file, learningRate: learningRate)
    return try outcome(choice, problem, rateChoice, batches: file.theory.sampling.batches, progress)
  }

  /// A rule with the best of its own numbers.
  struct Best: Sendable {
    let choice: RuleChoice
    let learningRate: Double
    /// Keys of the numbers that lie at the limit of the search.
    let atLimit: [String]
  }

  /// The best of a rule's own numbers, by a search from those that it has; nil if the request asks
  /// for none of them.
  func best(
    _ choice: RuleChoice, from rate: Double, _ request: RuleRequest
  ) throws -> Best? {
    let tuned = try request.tunes.compactMap { try choice.variable($0, in: file.catalogue) }
    guard request.searchesLearningRate || !tuned.isEmpty else { return nil }
    let rates = request.searchesLearningRate ? [RuleSearch.learningRate(around: rate)] : []
    func named(_ values: [Double]) -> (choice: RuleChoice, rate: Double) {
      let own = zip(tuned.map(\.variable.key), values.suffix(tuned.count))
      return (choice.setting(Array(own)), rates.isEmpty ? rate : values[0])
    }
    let start = rates.map { _ in rate } + tuned.map(\.value)
    let found = try RuleSearch.best(rates + tuned.map(\.variable), from: start) { values in
      let (choice, rate) = named(values)
      let problem: Problem
      do {
        problem = try choice.problem(in: file, learningRate: rate).with {
          guard target != nil else { return }
          let steps = Int(Self.searchSteps * Double($0.timing.grid.steps))
          $0.timing = .steps($0.timing.grid.first(steps))
        }
      } catch is ProblemError {  // a persistence time shorter than a step, for example
        return RuleOutcome.refused
      }
      let batches = min(file.theory.sampling.batches, Self.searchBatches)
      return try outcome(choice, problem, .best, batches: batches, nil)
        .objective(energy: energy, performance: request.performance, steps: problem.grid.steps)
    }
    let (best, rate) = named(found.values)
    return Best(choice: best, learningRate: rate, atLimit: found.atLimit.map(\.key))
  }

  /// Whether direct training of the rule agrees with `outcome`, by the criterion of `dmft compare`.
  func agrees(
    _ outcome: RuleOutcome, progress: @escaping @Sendable (Double) -> Void
  ) throws -> Bool {
    let problem = try outcome.choice.problem(in: file, learningRate: outcome.learningRate)
    do {
      let curves = try DirectTraining(
        problem, file.training, paths: file.paths, parallel: parallel
      ).run(progress: progress)
      return Comparison(theory: outcome.curves, training: curves).agrees
    } catch SolverError.diverged {
      if case .diverged = outcome.ending { return true }
      return false
    }
  }

  private func outcome(
    _ choice: RuleChoice, _ problem: Problem, _ rateChoice: RuleOutcome.RateChoice, batches: Int,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws -> RuleOutcome {
    do {
      let solution = try solver(problem, batches: batches).solve(progress: progress)
      return RuleOutcome(
        choice, learningRate: problem.grid.rate(at: 0), rateChoice: rateChoice,
        recordings: solution.recordings, target: target, energy: energy)
    } catch SolverError.diverged(let step, _) {
      // A target reached before is reached.
      if target != nil, step > 1 {
        let shorter = try problem.with {
          $0.timing = .steps($0.timing.grid.first(step - 1))
        }
        let outcome = try outcome(choice, shorter, rateChoice, batches: batches, nil)
        if outcome.ending == .reached { return outcome }
      }
      return RuleOutcome(
        choice, learningRate: problem.grid.rate(at: 0), rateChoice: rateChoice, divergedAt: step)
    }
  }

  /// All sites are sampled, which gives every rule the same random numbers and all observables.
  private func solver(_ problem: Problem, batches: Int? = nil) throws -> MeanFieldSolver {
    var settings = file.theory
    settings.sites = .ensembleBoth
    settings.sampling.batches = batches ?? settings.sampling.batches
    return try MeanFieldSolver(problem, settings, paths: file.paths, parallel: parallel)
  }
}
