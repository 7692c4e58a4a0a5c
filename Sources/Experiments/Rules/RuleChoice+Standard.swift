internal import Foundation

extension RuleChoice {
  /// The rules compared when none are named: every kind, with parameters at the scale of the
  /// problem.
  ///
  /// g, the rms `gradient` of a synapse at the first step, sets all thresholds, η g the quanta. Two
  /// rules get a learning rate of their own, since at the same η they are not comparable: `sign`
  /// η g, so that its first step is as large as that of the plain rule, and `momentum` η (1 - β),
  /// so that a gradient moves a synapse as far in total (at the same η it moves it 1/(1 - β) times
  /// as far). Masked and competitive rules keep η: they move less per step, which is what they
  /// trade. Numbers have three digits, so that what is printed is what was run.
  public static func standard(learningRate eta: Double, gradient g: Double) throws -> [RuleChoice] {
    func digits(_ number: Double) -> String { String(format: "%.3g", number) }
    let beta = 0.9
    return try [
      "plain", "masked:density=0.1", "masked:density=0.5",
      "clip:threshold=\(digits(0.5 * g))",
      "sign:learning_rate=\(digits(eta * g))",
      "top-fraction:fraction=0.1", "top-fraction:fraction=0.5",
      "soft-threshold:threshold=\(digits(0.1 * g))",
      "stochastic-rounding:quantum=\(digits(eta * g))",
      "lazy",
      "caching:threshold=\(digits(4 * eta * g))",
      "caching:threshold=\(digits(4 * eta * g)):decay=0.05",
      "error-feedback:fraction=0.1",
      "momentum:coefficient=\(beta):learning_rate=\(digits(eta * (1 - beta)))",
    ].map { try RuleChoice(parsing: $0) }
  }
}
