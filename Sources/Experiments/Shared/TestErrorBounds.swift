internal import Foundation
public import LearningProblem
public import Observables

/// The least test errors of a problem, as they stand in figures, on standard output and in
/// `run.yaml`.
public struct TestErrorBounds: Sendable {
  /// The error of who knows the signal. `[optimal.oracle]`
  public let oracle: Estimate
  /// The error of who has the samples and unlimited computation. `[optimal.bayes]`
  public let bayes: Estimate
  /// How many samples per weight these are.
  public let samplesPerWeight: Double

  /// Whether clusters have different variances, by which they are told apart.
  private let tellsByVariance: Bool

  /// Nil where nobody makes errors (Boltzmann machines).
  public init?(_ dynamics: Dynamics) {
    guard let errors = OptimalErrors(dynamics) else { return nil }
    self.init(errors, of: dynamics, samplesPerWeight: dynamics.samplesPerWeight)
  }

  /// The errors with α samples per weight, where these are not those of the problem.
  init(_ errors: OptimalErrors, of dynamics: Dynamics, samplesPerWeight: Double) {
    oracle = errors.oracle
    self.samplesPerWeight = samplesPerWeight
    bayes = errors.bayes(samplesPerWeight: samplesPerWeight)
    tellsByVariance = !dynamics.data.hasCommonVariance
  }

  /// One line for standard output.
  public var text: String {
    "test error bounds: Bayes-optimal \(Self.text(bayes)) at alpha "
      + "\(Number.short(samplesPerWeight)), oracle \(Self.text(oracle))"
      + (tellsByVariance ? " (|x|^2 tells clusters of different variance apart)" : "")
  }

  /// Keys and values for `run.yaml`.
  var entries: [(key: String, value: String)] {
    [("bayes_test_error", "\(bayes.value)"), ("oracle_test_error", "\(oracle.value)")]
  }

  /// Horizontal lines for a panel, first that of Bayes, with a legend if asked for.
  func guides(titled: Bool) -> [Plot.Guide] {
    [("Bayes", bayes, Plot.Line.Dash.dashDotted), ("oracle", oracle, .dashDoubleDotted)].map {
      Plot.Guide(
        .horizontal($1.value), title: titled ? $0 : nil, line: Plot.Line(width: 1.5, dash: $2))
    }
  }

  private static func text(_ estimate: Estimate) -> String {
    estimate.standardError > 5e-6 ? estimate.text : String(format: "%.5f", estimate.value)
  }
}
