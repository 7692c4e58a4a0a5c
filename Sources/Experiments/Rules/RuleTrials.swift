internal import LearningProblem
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
  let parallel: ParallelFor

  /// The first step of the plain rule: what is recorded, and the size of the gradient.
  func firstStep() throws -> (recordings: [Recording], gradient: Double) {
    let plain = try RuleChoice(parsing: PlainUpdate.kind)
    var problem = try plain.problem(in: file, learningRate: file.problem.grid.rate(at: 0))
    problem.grid.steps = 1
    let solution = try MeanFieldSolver(problem, parallel: parallel).solve()
    func last(_ observable: Observable) -> Double {
      solution.curves[observable]?.last?.value ?? .nan
    }
    let square = last(.squaredChange) / last(.writes)
    return (solution.recordings, square.squareRoot() / problem.grid.rate(at: 0))
  }

  /// Throws what is wrong with the problem of this rule, before anything is computed.
  func check(_ choice: RuleChoice) throws {
    let rate = choice.learningRate ?? file.problem.grid.rate(at: 0)
    _ = try MeanFieldSolver(choice.problem(in: file, learningRate: rate), parallel: parallel)
  }

  /// Solves the theory of a rule.
  func outcome(
    _ choice: RuleChoice, learningRate: Double, rateChoice: RuleOutcome.RateChoice,
    progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> RuleOutcome {
    let problem = try choice.problem(in: file, learningRate: learningRate)
    return try outcome(choice, problem, rateChoice, progress)
  }

  /// The best learning rate of a rule, by a search around `start`.
  func bestLearningRate(
    _ choice: RuleChoice, from start: Double, energy: SynapticCost, performance: String
  ) throws -> LearningRateSearch.Result {
    try LearningRateSearch.best(from: start) { rate in
      var problem: Problem
      do {
        problem = try choice.problem(in: file, learningRate: rate)
      } catch is ProblemError {  // a persistence time shorter than a step, for example
        return RuleOutcome.refused
      }
      problem.theory.batches = min(problem.theory.batches, Self.searchBatches)
      if target != nil {
        problem.grid.steps = max(1, Int(Self.searchSteps * Double(problem.grid.steps)))
      }
      return try outcome(choice, problem, .best, nil)
        .objective(energy: energy, performance: performance, steps: problem.grid.steps)
    }
  }

  /// Whether direct training of the rule agrees with `outcome`, by the criterion of `dmft compare`.
  func agrees(
    _ outcome: RuleOutcome, progress: @escaping @Sendable (Double) -> Void
  ) throws -> Bool {
    let problem = try outcome.choice.problem(in: file, learningRate: outcome.learningRate)
    do {
      let curves = try DirectTraining(problem, parallel: parallel).run(progress: progress)
      return Comparison(theory: outcome.curves, training: curves).agrees
    } catch SolverError.diverged {
      if case .diverged = outcome.ending { return true }
      return false
    }
  }

  private func outcome(
    _ choice: RuleChoice, _ problem: Problem, _ rateChoice: RuleOutcome.RateChoice,
    _ progress: (@Sendable (Double) -> Void)?
  ) throws -> RuleOutcome {
    do {
      let solution = try MeanFieldSolver(problem, parallel: parallel).solve(progress: progress)
      return RuleOutcome(
        choice, learningRate: problem.grid.rate(at: 0), rateChoice: rateChoice,
        recordings: solution.recordings, target: target)
    } catch SolverError.diverged(let step, _) {
      // A target reached before is reached.
      if target != nil, step > 1 {
        var shorter = problem
        shorter.grid.steps = step - 1
        let outcome = try outcome(choice, shorter, rateChoice, nil)
        if outcome.ending == .reached { return outcome }
      }
      return RuleOutcome(
        choice, learningRate: problem.grid.rate(at: 0), rateChoice: rateChoice, divergedAt: step)
    }
  }
}
