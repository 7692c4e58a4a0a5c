import LearningProblem
import Limits
import Observables
import TestSupport
import Testing

@Suite("Static limit: what is refused, and what is noted")
struct StaticSupportTests {
  @Test("problems without a known minimiser are refused with advice")
  func refused() throws {
    var problems = [
      Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, network: Door(width: 0.7),
        start: Start(variance: 0.1), learningRate: 0.1, steps: 1),
      StaticCases.problem(LinearTeacher()), StaticCases.problem(), StaticCases.problem(),
      StaticCases.problem().replicated(),
    ]
    problems[2].weightNoise = WeightNoise(sigma: 0.3)
    problems[3].dropout = Dropout(inputs: 0.2)
    let words = [
      "network.kind door", "linear-teacher", "weight_noise.sigma 0.3", "dropout.inputs 0.2",
      "replicas: 2",
    ]
    for (problem, word) in zip(problems, words) {
      let error = #expect(throws: SolverError.self) { try StaticSolver(problem) }
      let text = error?.description ?? ""
      #expect(text.contains(word) && text.contains("dmft solve"), "\(text)")
    }
  }

  /// `[static.masks]`
  @Test("notes where learning would end elsewhere")
  func notes() {
    var problem = StaticCases.problem()
    #expect(StaticSupport.notes(on: problem.dynamics).isEmpty)
    problem.sampleMask = IndependentMask(density: 0.25)
    #expect(StaticSupport.notes(on: problem.dynamics).joined().contains("weight_decay 0.4,"))
    problem.gradientScale = .mean
    #expect(StaticSupport.notes(on: problem.dynamics).joined().contains("sample_mask independent"))
    #expect(!StaticSupport.notes(on: problem.dynamics).joined().contains("weight_decay"))
    problem.sampleMask = FullMask()
    problem.weightMask = FrozenMask(density: 0.5)
    #expect(StaticSupport.notes(on: problem.dynamics).joined().contains("weight_mask frozen"))
    problem.weightMask = PersistentMask(density: 0.5, correlation: 0.9)
    #expect(StaticSupport.notes(on: problem.dynamics).isEmpty)
    let rules: [(rule: any UpdateRule, isNoted: Bool)] = [
      (ClipUpdate(threshold: 0.1), false), (MomentumUpdate(coefficient: 0.5), false),
      (CachingUpdate(threshold: 0.1), false), (CachingUpdate(threshold: 0.1, decay: 0.2), true),
      (SignUpdate(), true), (SoftThresholdUpdate(threshold: 0.1), true), (LazyUpdate(), true),
    ]
    for (rule, isNoted) in rules {
      problem.update = rule
      #expect(StaticSupport.notes(on: problem.dynamics).count == (isNoted ? 1 : 0), "\(rule.kind)")
    }
  }
}
