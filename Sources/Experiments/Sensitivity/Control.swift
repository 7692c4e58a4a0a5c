internal import LearningProblem

/// A number of the learning rule that may change from step to step, by its key in the problem file.
enum Control: String, CaseIterable, Sendable {
  case learningRate = "learning_rate"
  case weightDecay = "weight_decay"
  case sampleDensity = "sample_mask.density"
  case weightDensity = "weight_mask.density"

  /// Its schedule in a problem in steps; nil where it cannot be set step by step.
  func schedule(in problem: Problem) -> Schedule? {
    let rule = problem.rule
    switch self {
    case .learningRate: return problem.grid.learningRate
    case .weightDecay: return rule.weightDecay
    case .sampleDensity:
      let density = rule.sampleMask.density
      return rule.sampleMask.with(density: density) == nil ? nil : density
    case .weightDensity:
      return rule.weightMask.switchDensity.flatMap { density in
        rule.weightMask.with(density: density) == nil ? nil : density
      }
    }
  }

  /// The problem with another schedule of it; throws a `Mismatch` where it does not fit.
  func changed(in problem: Problem, to schedule: Schedule) throws -> Problem {
    try problem.with { parts in
      switch self {
      case .learningRate: parts.timing = .steps(problem.grid.steps, learningRate: schedule)
      case .weightDecay: parts.rule.weightDecay = schedule
      case .sampleDensity:
        parts.rule.sampleMask =
          parts.rule.sampleMask.with(density: schedule) ?? parts.rule.sampleMask
      case .weightDensity:
        parts.rule.weightMask =
          parts.rule.weightMask.with(density: schedule) ?? parts.rule.weightMask
      }
    }
  }

  /// The largest value; infinite if there is none.
  var highest: Double {
    switch self {
    case .learningRate, .weightDecay: .infinity
    case .sampleDensity, .weightDensity: 1
    }
  }
}
