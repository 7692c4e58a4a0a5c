internal import Foundation
public import Observables

extension Comparison {
  /// The table of `dmft compare`, and a sentence with the verdict and its criterion; `training`
  /// heads the column of training.
  public func text(training: String) -> String {
    var table = TextTable([
      "observable", "theory", training, "largest", "rms", "verdict",
    ])
    for row in rows where row.observable.isShown || !row.agrees {
      table.append([
        row.observable.name, row.last.theory.text, row.last.training.text,
        Self.text(row.largestDistance), Self.text(row.rmsDistance),
        row.agrees ? "agrees" : "DISAGREES",
      ])
    }
    let step = rows.map(\.last.step).max() ?? 0
    var lines = [
      table.text, "",
      "theory and training ± standard error at step \(step); largest and rms distance over all "
        + "steps, in joint standard errors",
    ]
    if let rest = Observable.hidden(of: rows.map(\.observable), in: "comparison.csv") {
      lines.append(rest + "; those that disagree are shown")
    }
    if !unmatched.isEmpty {
      let names = Set(unmatched.map(\.name)).sorted().joined(separator: ", ")
      lines.append("known to one side only, not compared: \(names)")
    }
    return (lines + [verdict]).joined(separator: "\n")
  }

  /// Two decimals; a distance without errors, which is infinite, has no number.
  private static func text(_ distance: Double) -> String {
    distance.isFinite ? String(format: "%.2f", distance) : "no error"
  }

  /// One sentence.
  private var verdict: String {
    let limit = String(format: "%.1e", threshold)
    let rule = "a Welch t test at each of \(points.count) points, limit 0.01/\(points.count)"
    guard !rows.isEmpty else { return "theory and training have no observable in common" }
    let worst = points.map(\.test.pValue).min() ?? 1
    let smallest = String(format: "%.1e", worst)
    return agrees
      ? "theory and training AGREE: smallest p-value \(smallest) >= \(limit) (\(rule))"
      : "theory and training DISAGREE: smallest p-value \(smallest) < \(limit) (\(rule))"
  }
}

extension Extrapolation {
  /// How large the finite-size bias is, per observable at the last step.
  public var text: String {
    var table = TextTable(["observable", "d to infinity", "slope in 1/d", "largest significance"])
    for curve in curves {
      let group = points.filter { $0.observable == curve.observable }
      guard let last = group.last else { continue }
      let significance = group.map(\.significance).max() ?? 0
      table.append([
        last.observable.name, last.limit.text, last.slope.text,
        String(format: "%.1f", significance),
      ])
    }
    let sizes = dimensions.map { "\($0)" }.joined(separator: ", ")
    return "training extrapolated from d = \(sizes), linearly in 1/d\n" + table.text + "\n"
  }
}
