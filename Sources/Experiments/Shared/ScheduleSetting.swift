internal import LearningProblem

/// What `--set` takes to put numbers in the place of a number of the problem file.
enum ScheduleSetting {
  /// Straight lines between values at ascending steps from 0; a single one holds at all steps.
  static func text(_ key: String, steps: [Int], values: [Double]) -> String {
    values.count == 1
      ? "\(key)=\(values[0])"
      : "\(key)={kind: \(PiecewiseLinear.kind), steps: \(steps), values: \(values)}"
  }
}
