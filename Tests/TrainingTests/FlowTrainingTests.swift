import LearningProblem
import Observables
import TestSupport
import Testing
import Training

/// Training in continuous time by the rule of Adams and Bashforth. `[flow.adams]`
@Suite("Training in continuous time")
struct FlowTrainingTests {
  private static func run(step: Double, growth: Double = 0) throws -> [Curve] {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.1,
      start: Start(variance: 0.3), learningRate: 1, steps: 1,
      training: TrainingSettings(dimension: 60, runs: 2)
    ).flowing(Flow(duration: 4, step: step, growth: growth))
    return try DirectTraining(problem).run()
  }

  private static func last(_ curves: [Curve], _ name: String) throws -> Double {
    try #require(curves.first { $0.observable.name == name }?.estimates.last).value
  }

  @Test("errors fall with the square of the step", arguments: ["magnetisation", "absolute_change"])
  func order(name: String) throws {
    // The same data, start and samples at each step.
    let values = try [0.4, 0.2, 0.1].map { try Self.last(try Self.run(step: $0), name) }
    let ratio = (values[0] - values[1]) / (values[1] - values[2])
    #expect(ratio > 3.4 && ratio < 5.2, "\(values)")
  }

  private static func curves(_ flow: Flow, _ rule: LearningRule) throws -> [Curve] {
    var problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
      start: Start(variance: 0.3), learningRate: 1, steps: 1,
      training: TrainingSettings(dimension: 60, runs: 2)
    ).flowing(flow)
    problem.parts.rule = rule
    return try DirectTraining(problem).run()
  }

  /// The same points in half the time. `[schedule.speed]`
  @Test("masks drawn anew are a speed, and the strength of an average")
  func speed() throws {
    let full = try Self.curves(Flow(duration: 2, step: 0.2), LearningRule(weightDecay: 0.1))
    let slow = Flow(duration: 4, step: 0.4)
    let half = IndependentMask(density: 0.5)
    for rule in [
      LearningRule(weightDecay: 0.1, weightMask: half),
      LearningRule(weightDecay: 0.05, sampleMask: half),
      LearningRule(weightDecay: 0.1, gradientScale: .mean, sampleMask: half, weightMask: half),
    ] {
      let found = try Self.curves(slow, rule)
      let hasLengths = rule.sampleMask.isFull
      for name in ["magnetisation", "norm", hasLengths ? "absolute_change" : "net_change"] {
        let (x, y) = (try Self.last(full, name), try Self.last(found, name))
        #expect(abs(x - y) < 1e-5, "\(name): \(x), \(y)")
      }
    }
  }

  /// `[schedule.restart]`
  @Test(
    "errors fall with the square of the step where numbers jump",
    arguments: ["magnetisation", "absolute_change"])
  func jumps(name: String) throws {
    let rule = LearningRule(
      weightDecay: .varying(PiecewiseConstant(times: [0, 0.8], values: [0, 1])),
      weightMask: IndependentMask(
        density: .varying(PiecewiseConstant(times: [0, 0.8], values: [0.2, 1]))))
    let values = try [0.2, 0.1, 0.05].map {
      try Self.last(try Self.curves(Flow(duration: 2, step: $0), rule), name)
    }
    let ratio = (values[0] - values[1]) / (values[1] - values[2])
    #expect(ratio > 3.4 && ratio < 5.2, "\(values)")
  }

  @Test("results are where the flow wants them, and only what has a limit is recorded")
  func results() throws {
    let curves = try Self.run(step: 0.1, growth: 0.3)
    let flow = Flow(duration: 4, step: 0.1, growth: 0.3)
    #expect(flow.outputs == [0, 1, 2, 3, 4, 5, 6, 7, 9, 11, 14, 18, 23, 29, 37, 40])
    #expect(curves.allSatisfy { $0.steps == flow.outputs })
    let names = Set(curves.map(\.observable.name))
    #expect(names.isDisjoint(with: ["writes", "squared_change", "activity"]))
    #expect(names.isSuperset(of: ["absolute_change", "net_change", "inefficiency", "norm"]))
    let same = try Self.run(step: 0.1)
    for curve in curves {
      for (step, estimate) in zip(curve.steps, curve.estimates) {
        let other = try #require(same.first { $0.observable == curve.observable }?.at(step: step))
        // Test samples are drawn as far as observed weights look at them. `[observable.deferred]`
        let isTest = [.testLoss, .testError].contains(curve.observable)
        #expect(
          isTest ? abs(other.value - estimate.value) < 0.1 : other == estimate,
          "\(curve.observable) does not depend on where it is observed")
      }
    }
  }
}
