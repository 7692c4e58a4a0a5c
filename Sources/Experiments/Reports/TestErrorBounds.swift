internal import Foundation
public import LearningProblem
public import Observables

/// The least test errors of a problem, as they stand in figures, on standard output and in `run.yaml`.
public struct TestErrorBounds: Sendable {
  /// Of who knows the signal. `[optimal.oracle]`
  public let oracle: Estimate
  /// Of who has the samples and unlimited computation. `[optimal.bayes]`
  public let bayes: Estimate
  /// How many samples per weight these are.
  public let samplesPerWeight: Double

  /// Nil where nobody makes errors (Boltzmann machines).
  public init?(_ problem: Problem) {
    guard let errors = OptimalErrors(problem) else { return nil }
    oracle = errors.oracle
    samplesPerWeight = problem.samplesPerWeight
    bayes = errors.bayes(samplesPerWeight: samplesPerWeight)
  }

  /// One line for standard output.
  public var text: String {
    "test error bounds: Bayes-optimal \(Self.text(bayes)) at alpha \(Number.short(samplesPerWeight)), "
      + "oracle \(Self.text(oracle))"
  }

  /// Keys and values for `run.yaml`.
  var entries: [(key: String, value: String)] {
    [("bayes_test_error", "\(bayes.value)"), ("oracle_test_error", "\(oracle.value)")]
  }

  /// Horizontal lines for a panel of gnuplot, with a legend if asked for.
  func lines(titled: Bool) -> [String] {
    func line(_ value: Double, _ dashes: Int, _ title: String) -> String {
      "\(value) lw 1.5 dt \(dashes) lc '#444444' " + (titled ? "title '\(title)'" : "notitle")
    }
    return [line(bayes.value, 2, "Bayes"), line(oracle.value, 3, "oracle")]
  }

  private static func text(_ estimate: Estimate) -> String {
    estimate.standardError > 5e-6 ? estimate.text : String(format: "%.5f", estimate.value)
  }
}
