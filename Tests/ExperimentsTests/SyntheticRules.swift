import Experiments
import Observables

/// Recordings of a loss and two energies, by hand.
enum SyntheticRules {
  /// One batch: a row per loss; each step costs `energy` in absolute change and one write.
  static func recording(losses: [Double], energy: Double = 1) -> Recording {
    var recording = Recording()
    for (step, loss) in losses.enumerated() {
      recording.begin(step: step)
      recording.record(.trainingLoss, loss)
      recording.record(.testError, loss / 2)
      recording.record(.writes, Double(step))
      recording.record(.absoluteChange, energy * Double(step))
    }
    return recording
  }

  /// Losses that fall from 1 to (1 - `rate`)^`steps`.
  static func losses(rate: Double, steps: Int = 20) -> [Double] {
    (0...steps).reduce(into: []) { losses, _ in
      losses.append((losses.last ?? 1 / (1 - rate)) * (1 - rate))
    }
  }

  /// The outcome of a rule whose batches fall at these rates.
  static func outcome(
    _ rule: String, rates: [Double], energy: Double = 1, target: Target? = nil,
    rateChoice: RuleOutcome.RateChoice = .equal
  ) throws -> RuleOutcome {
    RuleOutcome(
      try RuleChoice(parsing: rule), learningRate: 0.1, rateChoice: rateChoice,
      recordings: rates.map { recording(losses: losses(rate: $0), energy: energy) },
      target: target, energy: EnergySum(.absoluteChange))
  }

  /// Four rules to a loss of 0.3: plain is cheap and slow, sign dear and fast, clip dear and slow,
  /// and lazy diverges.
  static func ranking(target: Target? = Target(name: "training_loss", value: 0.3)) throws
    -> RuleRanking
  {
    RuleRanking(
      [
        try outcome("plain", rates: [0.10, 0.11, 0.105], target: target),
        try outcome("sign", rates: [0.20, 0.21, 0.205], energy: 5, target: target),
        try outcome("clip:threshold=0.5", rates: [0.09, 0.10, 0.095], energy: 2, target: target),
        RuleOutcome(
          try RuleChoice(parsing: "lazy"), learningRate: 0.1, rateChoice: .equal, divergedAt: 7),
      ], energy: EnergySum(.absoluteChange), performance: "training_loss", target: target)
  }
}
