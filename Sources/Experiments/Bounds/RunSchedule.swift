public import Energetics
internal import LearningProblem
internal import Observables
internal import RunStorage

/// When a run wrote its weights and how large they were, as a schedule for the bounds.
/// `[bounds.run]`
public struct RunSchedule {
  private let path: String
  private let writes: [RecordedCurves.Point]
  /// The mean square of the weights where `writes` stand.
  private let norms: [Double]

  private static let rounding = 1e-9
  /// Each has a rate in memory.
  private static let mostSteps = 10_000_000
  /// Of the norm in the end to the largest, which is the inverse of the largest drive.
  private static let leastRatio = 1e-12

  /// Reads `RUN/curves.csv`.
  ///
  /// r_n is the increase of `writes` in step n = 1, 2, ..., the variance of the weights their
  /// `norm`, averaged over the hidden units, and ε_N the learning rate of the end, the increase of
  /// the time, over the largest one. Between steps that were recorded the increases are spread
  /// evenly, and the norm is on a straight line. Throws `OutputError` if the folder holds no
  /// curves, `ProblemError` if they do not give rates.
  public static func read(run: String) throws -> MeasuredSchedule {
    let run = try RunSchedule(RecordedCurves(path: "\(run.trimmedPath)/curves.csv"))
    return MeasuredSchedule(
      rates: try run.rates(), variances: try run.variances(),
      lastLearningRate: try run.lastLearningRate())
  }

  private init(_ curves: RecordedCurves) throws {
    path = curves.path
    writes = try curves.curve(Observable.writes.name)
    let units = try Self.unitNorms(curves)
    for unit in units {
      guard unit.map(\.step) == writes.map(\.step), unit.allSatisfy({ $0.value >= 0 }) else {
        throw ProblemError(
          file: path, path: "norm", found: "values below 0, or at other steps than writes",
          allowed: "a norm of at least 0 wherever writes stand")
      }
    }
    norms = writes.indices.map { row in
      units.reduce(0) { $0 + $1[row].value } / Double(units.count)
    }
    guard let end = writes.last, end.step <= Self.mostSteps else {
      throw ProblemError(
        file: path, path: "writes", found: "step \(writes.last?.step ?? 0)",
        allowed: "steps up to \(Self.mostSteps)")
    }
  }

  /// C_kk of each hidden unit.
  private static func unitNorms(_ curves: RecordedCurves) throws -> [[RecordedCurves.Point]] {
    if let single = curves[Observable.norm(0, 0, single: true).name] { return [single] }
    var units: [[RecordedCurves.Point]] = []
    while let next = curves[Observable.norm(units.count, units.count, single: false).name] {
      units.append(next)
    }
    return units.isEmpty ? [try curves.curve(Quantity.norm.name)] : units
  }

  /// Every stretch between two recorded steps, from step 0 on: its rows and its length in steps.
  private var stretches: [(from: Int, to: Int, steps: Int)] {
    writes.indices.map { row in
      (max(0, row - 1), row, writes[row].step - (row > 0 ? writes[row - 1].step : 0))
    }
  }

  private func rates() throws -> [Double] {
    let rates = try stretches.flatMap { from, to, steps in
      let increase = writes[to].value - (to > from ? writes[from].value : 0)
      let rate = increase / Double(max(1, steps))
      // Means over runs are rounded.
      guard rate > -Self.rounding, rate < 1 + Self.rounding, steps > 0 || abs(rate) < Self.rounding
      else {
        throw ProblemError(
          file: path, path: "writes at step \(writes[to].step)",
          found: "an increase of \(rate) a step",
          allowed: "a fraction of the weights, from 0 to 1 (nothing at step 0)")
      }
      return Array(repeating: min(max(rate, 0), 1), count: steps)
    }
    guard rates.contains(where: { $0 > 0 }) else {
      throw ProblemError(
        file: path, path: "writes", found: "no change in \(rates.count) steps",
        allowed: "a run that writes")
    }
    return rates
  }

  private func variances() throws -> [Double] {
    let (last, largest) = (norms.last ?? 0, norms.max() ?? 0)
    guard last > Self.leastRatio * largest else {
      throw ProblemError(
        file: path, path: "norm", found: "\(last) in the end, after \(largest)",
        allowed: "more than \(Self.leastRatio) of the largest norm")
    }
    return stretches.flatMap { from, to, steps in
      (0..<steps).map { n in
        norms[from] + Double(n + 1) / Double(steps) * (norms[to] - norms[from])
      }
    }
  }

  private func lastLearningRate() throws -> Double {
    let rates = stretches.compactMap { from, to, steps in
      steps > 0 ? (writes[to].time - (to > from ? writes[from].time : 0)) / Double(steps) : nil
    }
    guard let last = rates.last, rates.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw ProblemError(
        file: path, path: "time", found: "times that do not ascend with the steps",
        allowed: "sums of learning rates")
    }
    return last / rates.reduce(last, max)
  }
}
