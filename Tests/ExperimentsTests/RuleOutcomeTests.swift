import Experiments
import Foundation
import Observables
import Testing

struct RuleOutcomeTests {
  private let target = Target(name: "training_loss", value: 0.25)

  private func outcome(_ losses: [[Double]], target: Target?) throws -> RuleOutcome {
    RuleOutcome(
      try RuleChoice(parsing: "plain"), learningRate: 0.1, rateChoice: .equal,
      recordings: losses.map { SyntheticRules.recording(losses: $0, energy: 2) }, target: target,
      energy: EnergySum(.absoluteChange))
  }

  @Test func everythingIsTakenWhereEachBatchCrosses() throws {
    // Crossings at steps 1.75 and 1.25: means 1.5, standard errors 0.25.
    let outcome = try outcome([[1, 0.4, 0.2], [1, 0.3, 0.1]], target: target)
    #expect(outcome.ending == .reached)
    let expected = [
      ("steps_to_target", 1.5, 0.25), ("writes", 1.5, 0.25), ("absolute_change", 3, 0.5),
      ("training_loss", 0.25, 0), ("test_error", 0.125, 0),
    ]
    for (name, value, error) in expected {
      let estimate = outcome.estimate(name)
      #expect(abs((estimate?.value ?? .nan) - value) < 1e-12, "\(name)")
      #expect(abs((estimate?.standardError ?? .nan) - error) < 1e-12, "\(name)")
    }
  }

  @Test func oneMissingBatchLeavesItUnreached() throws {
    let outcome = try outcome([[1, 0.4, 0.2], [1, 0.5, 0.3]], target: target)
    #expect(outcome.ending == .unreached(batches: 1))
    #expect(outcome.estimate("steps_to_target") == nil)
    #expect(outcome.estimate("training_loss")?.value == 0.25)
    #expect(outcome.estimate("absolute_change") == Estimate(4))
  }

  @Test func withoutATargetTheLastStepCounts() throws {
    let outcome = try outcome([[1, 0.4, 0.2], [1, 0.5, 0.3]], target: nil)
    #expect(outcome.ending == .finished && outcome.distance == nil)
    #expect(outcome.estimate("steps_to_target") == nil)
    #expect(outcome.estimate("writes") == Estimate(2))
  }

  /// Every failure costs more than every success, and less the closer it is to one.
  @Test func objectivesAreOrdered() throws {
    func objective(_ outcome: RuleOutcome) -> Double {
      outcome.objective(energy: EnergySum(.absoluteChange), performance: "training_loss", steps: 20)
    }
    let choice = try RuleChoice(parsing: "plain")
    func diverged(_ step: Int) -> RuleOutcome {
      RuleOutcome(choice, learningRate: 1, rateChoice: .best, divergedAt: step)
    }
    let ordered = [
      try outcome([[1, 0.2, 0.1]], target: target), try outcome([[1, 0.4, 0.2]], target: target),
      try outcome([[1, 0.4, 0.3]], target: target), try outcome([[1, 0.9, 0.8]], target: target),
      try outcome([[1, 0.2, 1.1]], target: target), try outcome([[1, 0.2, 9.0]], target: target),
      try outcome([[1, 0.2, 1e300]], target: target), diverged(19), diverged(2),
    ].map(objective)
    #expect(zip(ordered, ordered.dropFirst()).allSatisfy { $0 < $1 }, "\(ordered)")
    #expect(abs(ordered[0] - log(2 * 0.9375)) < 1e-12)
    #expect(objective(try outcome([[1, 0.4, 0.2]], target: nil)) == 0.2)
    #expect(objective(try outcome([[1, 0.4, .nan]], target: nil)) == 300)
  }
}
