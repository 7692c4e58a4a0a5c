public import Energetics
internal import Foundation
internal import LearningProblem
internal import RunStorage

/// The fraction of weights that a run wrote at each step, as a schedule for the bounds.
public enum WriteSchedule {
  /// Reads `RUN/curves.csv`: r_n is the increase of `writes` in step n, n = 1, 2, ...
  /// `[observable.writes]`
  ///
  /// Where `writes` was not recorded at every step, its increase is spread evenly. Throws
  /// `OutputError` if the folder holds no curves, `ProblemError` if they do not give rates.
  public static func read(run: String) throws -> MeasuredSchedule {
    let path = "\(run.trimmedPath)/curves.csv"
    let points = try CurvesCSV.read(path, observable: "writes")
    guard let end = points.last, end.step <= mostSteps else {
      throw ProblemError(
        file: path, path: "writes", found: "step \(points.last?.step ?? 0)",
        allowed: "steps up to \(mostSteps)")
    }
    var rates: [Double] = []
    var last = (step: 0, value: 0.0)
    for point in points {
      let steps = point.step - last.step
      let rate = steps > 0 ? (point.value - last.value) / Double(steps) : point.value
      // Means over runs are rounded.
      guard rate > -rounding, rate < 1 + rounding, steps > 0 || abs(rate) < rounding else {
        throw ProblemError(
          file: path, path: "writes at step \(point.step)", found: "an increase of \(rate) a step",
          allowed: "a fraction of the weights, from 0 to 1 (nothing at step 0)")
      }
      rates += Array(repeating: min(max(rate, 0), 1), count: steps)
      last = point
    }
    guard rates.contains(where: { $0 > 0 }) else {
      throw ProblemError(
        file: path, path: "writes", found: "no change in \(rates.count) steps",
        allowed: "a run that writes")
    }
    return MeasuredSchedule(rates: rates)
  }

  private static let rounding = 1e-9
  /// Each has a rate in memory.
  private static let mostSteps = 10_000_000
}
