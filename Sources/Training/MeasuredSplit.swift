internal import LearningProblem
internal import NumericalKit

/// Real data dealt into training and test rows, for one run. `[fit.split]`
///
/// n = round(α d) rows are drawn without replacement; all others are for the test.
public struct MeasuredSplit: Sendable {
  /// What the run learns from.
  public let training: TrainingSet
  /// All other rows.
  public let test: TrainingSet

  /// Deals the rows for a run; nil for models.
  public init?(_ plan: RunPlan) {
    guard let data = plan.dynamics.data.measured else { return nil }
    let rows = Self.rows(
      count: data.count, drawn: plan.dynamics.problem.samples(dimension: data.dimension),
      seed: plan.settings.seed, run: plan.run)
    training = TrainingSet(data, rows: rows.drawn)
    test = TrainingSet(data, rows: rows.rest)
  }

  /// `drawn` of `count` rows in random order, and the others.
  public static func rows(
    count: Int, drawn: Int, seed: UInt64, run: Int
  ) -> (drawn: [Int], rest: [Int]) {
    precondition(drawn >= 1 && drawn < count, "\(drawn) of \(count) rows")
    var stream = RandomStream(seed: seed, purpose: .split, index: UInt64(run))
    let order = Array(0..<count).shuffled(using: &stream)
    return (Array(order[..<drawn]), Array(order[drawn...]))
  }
}
