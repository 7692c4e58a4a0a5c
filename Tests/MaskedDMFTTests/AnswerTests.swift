import MaskedDMFT
import TestSupport
import Testing

/// `problem.solve()`, `problem.train()` and what can be asked of their answers.
@Suite("Answers")
struct AnswerTests {
  static let setup = Cases.square(steps: 20)

  @Test("the answer of the theory is that of the solver, in steps and in a flow")
  func solve() throws {
    for setup in [Self.setup, Self.setup.flowing(Flow(duration: 4, step: 0.2))] {
      let answer = try setup.problem.solve(setup.theory, keepKernels: true)
      let solution = try setup.theorySolver(keepKernels: true).solve()
      #expect(answer.curves.map(\.estimates) == solution.curves.map(\.estimates))
      #expect(answer.kernels != nil)
    }
  }

  @Test("the answer of training is that of the runs")
  func train() throws {
    let settings = TrainingSettings(dimension: 40, runs: 3, seed: 5)
    let answer = try Self.setup.problem.train(settings)
    let curves = try DirectTraining(Self.setup.problem, settings).run()
    #expect(answer.curves.map(\.estimates) == curves.map(\.estimates))
    #expect(answer.recordings.count == 3)
    let larger = try Self.setup.problem.train(settings, dimension: 60)
    #expect(larger[.norm].estimates != answer[.norm].estimates)
  }

  @Test("paths of the hidden units are those that were asked for")
  func paths() throws {
    let problem = ProgressTests.paths.problem
    let theory = TheorySettings(trajectories: 200, batches: 2)
    let training = TrainingSettings(dimension: 20, runs: 2)
    let paths = try [0..<1, 1..<2, 0..<2].map { paths in
      (
        try problem.solve(theory, paths: paths)[.norm(0, 0, single: false)].last?.value ?? .nan,
        try problem.train(training, paths: paths)[.norm(0, 0, single: false)].last?.value ?? .nan
      )
    }
    #expect(paths[0].0 != paths[1].0 && paths[0].1 != paths[1].1)
    #expect(abs(paths[2].0 - (paths[0].0 + paths[1].0) / 2) < 1e-9)
  }

  @Test("an observable has a curve, and one without points if it was not measured")
  func observables() throws {
    let theory = try Self.setup.problem.solve()
    #expect(theory[.testError].last == theory.curve(.testError).estimates[20])
    #expect(theory[.freeEnergy].last == nil)
    #expect(theory[.freeEnergy].observable == .freeEnergy)
  }

  @Test("theory agrees with training, but not with that of another problem")
  func compared() throws {
    let settings = TrainingSettings(dimension: 400, runs: 16, seed: 3)
    let theory = try Self.setup.problem.solve()
    let training = try Self.setup.problem.train(settings)
    let comparison = theory.compared(to: training)
    #expect(comparison.agrees)
    #expect(comparison.rows.count > 5)
    #expect(comparison.points[3].training == training.curves[0].estimates[3])
    let other = try Self.setup.problem.with { $0.rule.weightDecay = 0.2 }.train(settings)
    #expect(!theory.compared(to: other).agrees)
  }

  @Test("theory can be compared to training extrapolated to infinite dimension")
  func extrapolated() throws {
    let settings = TrainingSettings(runs: 16, seed: 3)
    let theory = try Self.setup.problem.solve()
    let trainings = try [100, 200].map { (dimension: Int) in
      (
        dimension: dimension,
        curves: try Self.setup.problem.train(settings, dimension: dimension).curves
      )
    }
    #expect(theory.compared(to: Extrapolation(trainings)).agrees)
  }

  @Test("a problem that does not fit together is refused with its key")
  func mismatch() throws {
    var setup = Self.setup
    setup.sampleMask = EpochMask(epochSteps: 2)
    setup = setup.flowing(Flow(duration: 1, step: 0.1))
    let problem = setup.problem
    #expect(throws: Mismatch.self) { try problem.solve() }
    #expect(throws: Mismatch.self) { try problem.train() }
  }
}
