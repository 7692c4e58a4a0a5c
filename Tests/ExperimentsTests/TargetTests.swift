import Experiments
import Observables
import Testing

struct TargetTests {
  private let target = Target(name: "training_loss", value: 0.25)

  @Test func readsNameAndValue() throws {
    #expect(try Target(parsing: "test_error=1e-2") == Target(name: "test_error", value: 0.01))
    for text in ["test_error", "test_error=", "test_error=low", "=0.1", "test_error=nan", ""] {
      let failure = #expect(throws: Failure.self) { try RuleRequest(target: text) }
      #expect(failure?.status == Failure.usage)
      #expect(failure?.description.contains("training_loss=0.2") == true)
    }
  }

  @Test func crossesOnTheStraightLineBetweenTwoSteps() {
    // From 0.4 at step 1 to 0.2 at step 2: three quarters of the way. The later rise is ignored.
    let recording = SyntheticRules.recording(losses: [1, 0.4, 0.2, 0.9, 0.1])
    let crossing = target.crossing(in: recording)
    #expect(crossing?.row == 1)
    #expect(abs((crossing?.fraction ?? .nan) - 0.75) < 1e-12)
  }

  @Test func aValueOnTheTargetHasReachedIt() {
    let crossing = target.crossing(in: SyntheticRules.recording(losses: [1, 0.25]))
    #expect(crossing == RecordingPosition(row: 0, fraction: 1))
  }

  @Test func isMissedAboveItAndByWhatIsNotANumber() {
    #expect(target.crossing(in: SyntheticRules.recording(losses: [1, 0.5, 0.26])) == nil)
    #expect(target.crossing(in: SyntheticRules.recording(losses: [1, .nan, .nan])) == nil)
    let other = Target(name: "test_loss", value: 0.25)
    #expect(other.crossing(in: SyntheticRules.recording(losses: [1, 0.1])) == nil)
  }

  @Test func theErrorOfTheValueMovesTheCrossing() {
    var recording = Recording()
    for (step, loss) in [1.0, 0.5, 0.1].enumerated() {
      recording.begin(step: step)
      recording.record(.trainingLoss, Estimate(loss, standardError: 0.02))
    }
    let crossing = target.crossing(in: recording)
    #expect(abs((crossing?.error ?? .nan) - 0.02 / 0.4) < 1e-12)
  }

  @Test func distanceLeft() {
    let reached = target.distance(of: SyntheticRules.recording(losses: [1, 0.1, 0.4]))
    #expect(reached.smallest == 0 && abs(reached.last - 0.2) < 1e-12)
    let missed = target.distance(of: SyntheticRules.recording(losses: [1, 0.4, 1.75]))
    #expect(abs(missed.smallest - 0.2) < 1e-12 && abs(missed.last - 2) < 1e-12)
    #expect(target.distance(of: SyntheticRules.recording(losses: [1, .nan])).last == .infinity)
  }
}
