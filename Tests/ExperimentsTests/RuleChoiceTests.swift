import Experiments
import LearningProblem
import MaskedDMFT
import Testing

struct RuleChoiceTests {
  static let yaml = """
    data: {kind: two-clusters, variance: 0.5}
    samples_per_weight: 2
    start: {variance: 0.1}
    learning_rate: 0.2
    steps: 8
    sample_mask: {kind: persistent, density: 0.5, persistence_time: 2.0}
    weight_mask: {kind: frozen, density: 0.7}
    update: {kind: clip, threshold: 3}
    """

  @Test func readsKindParametersAndRate() throws {
    let rules = try RuleChoice.list("plain, caching:threshold=0.3:decay=0.05:learning_rate=0.01")
    #expect(rules.map(\.kind) == ["plain", "caching"])
    #expect(rules[0].parameters.isEmpty && rules[0].learningRate == nil)
    #expect(rules[1].parameters.map(\.key) == ["threshold", "decay"])
    #expect(rules[1].number("decay") == 0.05 && rules[1].learningRate == 0.01)
    #expect(rules[1].label == "caching 0.3 0.05")
    #expect(rules[1].specification == "caching:threshold=0.3:decay=0.05:learning_rate=0.01")
  }

  @Test(arguments: [
    ("nonsense", ["'nonsense'", "top-fraction", "masked"]),
    ("", ["''", "plain"]),
    ("plain,,sign", ["''", "plain"]),
    ("clip", ["clip without threshold", "clip:threshold=VALUE with a number > 0"]),
    ("clip:c=1", ["'c=1' in clip:c=1", "threshold=VALUE, learning_rate=VALUE"]),
    ("clip:threshold", ["'threshold' in", "threshold=VALUE"]),
    ("clip:threshold=-1", ["threshold=-1", "a number > 0"]),
    ("clip:threshold=much", ["threshold=much", "a number > 0"]),
    ("clip:threshold=1:threshold=2", ["threshold twice"]),
    ("masked:density=1.5", ["density=1.5", "0.0 < x <= 1.0"]),
    ("plain:learning_rate=0", ["learning_rate=0", "a number > 0"]),
    ("plain:learning_rate=1:learning_rate=2", ["learning_rate twice"]),
  ])
  func refusesWithWhatIsAllowed(_ text: String, _ says: [String]) throws {
    let failure = #expect(throws: Failure.self) { try RuleRequest(rules: [text]) }
    #expect(failure?.status == Failure.usage)
    for word in says { #expect(failure?.description.contains(word) == true, "\(failure as Any)") }
  }

  @Test func replacesTheUpdateAndKeepsTheRest() throws {
    let file = try ProblemFile(yaml: Self.yaml)
    let problem = try RuleChoice(parsing: "top-fraction:fraction=0.2")
      .problem(in: file, learningRate: 0.2)
    #expect((problem.rule.update as? TopFractionUpdate)?.fraction.constant == 0.2)
    #expect((problem.rule.weightMask as? FrozenMask)?.density.constant == 0.7)
    #expect(problem.grid.rate(at: 0) == 0.2)
  }

  /// Structured masks are rules too, with whole numbers among their parameters.
  @Test func aWeightMaskIsARule() throws {
    let file = try ProblemFile(yaml: Self.yaml)
    let choice = try RuleChoice(parsing: "subnet:units=0.5:redraw_every=3")
    #expect(choice.label == "subnet 0.5 3")
    let problem = try choice.problem(in: file, learningRate: 0.2)
    #expect(problem.rule.update is PlainUpdate && problem.rule.weightMask is SubnetMask)
    #expect(problem.rule.weightMask.units == .randomFraction(0.5, period: 3, seed: 1))
    #expect(throws: UsageError.self) {
      try RuleChoice(parsing: "subnet:units=0.5:redraw_every=1.5")
    }
    #expect(throws: UsageError.self) { try RuleChoice(parsing: "full") }
    // What reading a softmax without hidden units records can be read again.
    let softmax = try ProblemFile(
      yaml: Self.yaml,
      overrides: ["network={kind: softmax, outputs: 2}", "loss={kind: cross-entropy}"])
    #expect(try choice.problem(in: softmax, learningRate: 0.2).network is Softmax)
  }

  @Test func maskedIsPlainUnderAnIndependentMask() throws {
    let problem = try RuleChoice(parsing: "masked:density=0.1")
      .problem(in: ProblemFile(yaml: Self.yaml), learningRate: 0.2)
    #expect(problem.rule.update is PlainUpdate)
    #expect((problem.rule.weightMask as? IndependentMask)?.density.constant == 0.1)
  }

  @Test func aPersistenceTimeIsKeptAtAnotherRate() throws {
    let file = try ProblemFile(yaml: Self.yaml)
    let plain = try RuleChoice(parsing: "plain")
    // r = 1 - η/(b τ) with b = 0.5, τ = 2.
    for rate in [0.2, 0.05] {
      let correlation = try Dynamics(plain.problem(in: file, learningRate: rate))
        .sampleSwitches.correlation
      #expect(abs((correlation ?? .nan) - (1 - rate)) < 1e-12)
    }
    #expect(throws: ProblemError.self) { try plain.problem(in: file, learningRate: 10) }
  }

  @Test func theStandardRulesHaveEveryKindAtTheScaleOfTheProblem() throws {
    let rules = try RuleChoice.standard(learningRate: 0.2, gradient: 0.6173)
    let updates = Catalogue.shipped.updates.map { $0.kind }
    #expect(Set(rules.map(\.kind)) == Set(updates + [RuleChoice.masked]))
    #expect(rules[0].kind == "plain" && Set(rules.map(\.specification)).count == rules.count)
    func rule(_ kind: String) -> RuleChoice? { rules.first { $0.kind == kind } }
    #expect(rule("clip")?.number("threshold") == 0.309)
    #expect(rule("stochastic-rounding")?.number("quantum") == 0.123)
    #expect(rule("sign")?.learningRate == 0.123)
    #expect(rule("momentum")?.learningRate == 0.02)
    #expect(rules.filter { $0.learningRate != nil }.count == 2)
  }
}
