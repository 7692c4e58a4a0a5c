import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Every term of the rule, on actual numbers, against `NaiveTraining`. `[problem.update]`
@Suite struct AgainstNaiveTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let problem: Setup
  }

  /// d is odd, n is no multiple of 4 or 16, T is no multiple of observe_every.
  static let settings = TrainingSettings(dimension: 37, runs: 3, seed: 11, observeEvery: 3)

  static let cases = [
    Case(
      testDescription: "perceptron, full batch",
      problem: Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2.3, weightDecay: 0.4,
        start: Start(variance: 0.7, overlap: [[0.3]]), learningRate: 0.3, steps: 7,
        training: settings)),
    Case(
      testDescription: "independent masks, sigma = 1/b",
      problem: Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2.3, loss: SquareLoss(),
        weightDecay: 0.4, start: Start(variance: 0.7), learningRate: 0.2, steps: 7,
        gradientScale: .mean, sampleMask: IndependentMask(density: 0.3),
        weightMask: IndependentMask(density: 0.6), training: settings)),
    Case(
      testDescription: "persistent masks",
      problem: Setup(
        data: TwoClusters(variance: 0.8), samplesPerWeight: 2.3, weightDecay: 0.1,
        start: Start(variance: 0.2), learningRate: 0.3, steps: 8,
        sampleMask: PersistentMask(density: 0.4, correlation: 0.7),
        weightMask: PersistentMask(density: 0.5, correlation: -0.5), training: settings)),
    Case(
      testDescription: "three clusters, door, epochs, frozen synapses",
      problem: Setup(
        data: ThreeClusters(variance: 0.5), samplesPerWeight: 2.3, network: Door(width: 0.8),
        weightDecay: 0.1, start: Start(variance: 0.5), learningRate: 0.05, steps: 7,
        gradientScale: .mean, sampleMask: EpochMask(epochSteps: 3),
        weightMask: FrozenMask(density: 0.7), training: settings)),
    Case(
      testDescription: "regression labels of a teacher",
      problem: Setup(
        data: LinearTeacher(noise: 0.4), samplesPerWeight: 2.3, loss: SquareLoss(),
        weightDecay: 0.4, start: Start(variance: 0.7, overlap: [[0.3]]), learningRate: 0.1,
        steps: 7,
        gradientScale: .mean, sampleMask: IndependentMask(density: 0.5), training: settings)),
    Case(
      testDescription: "noisy weights with a price, lazy rule",
      problem: Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2.3, weightDecay: 0.4,
        start: Start(variance: 0.7), learningRate: 0.3, steps: 7,
        sampleMask: IndependentMask(density: 0.5), update: LazyUpdate(),
        weightNoise: WeightNoise(sigma: 0.6, reliabilityCost: 0.2, exponent: 3),
        training: settings)),
    Case(
      testDescription: "noisy weights with a price, committee of two, xor",
      problem: Setup(
        data: Xor(separation: 1.2, variance: 0.4), samplesPerWeight: 2.3,
        network: Committee(activation: .softplus, readout: [1, -1]), loss: SquareLoss(),
        weightDecay: 0.2, start: Start(variance: 0.6, overlap: [[0.5, -0.1], [0.2, 0.7]]),
        learningRate: 0.1, steps: 7, sampleMask: IndependentMask(density: 0.5),
        weightNoise: WeightNoise(sigma: 0.4, reliabilityCost: 0.2), training: settings)),
    Case(
      testDescription: "committee of two, xor",
      problem: Setup(
        data: Xor(separation: 1.2, variance: 0.4), samplesPerWeight: 2.3,
        network: Committee(activation: .erf, readout: [1, -1]), weightDecay: 0.2,
        start: Start(variance: 0.6, overlap: [[0.5, -0.1], [0.2, 0.7]]), learningRate: 0.3,
        steps: 7, gradientScale: .mean, sampleMask: IndependentMask(density: 0.5),
        weightMask: IndependentMask(density: 0.4), training: settings)),
  ]

  /// Every rule, with masks on samples and synapses; the committee's gradients are smaller.
  static let rules = Rules.all.flatMap { rule in
    [
      Case(
        testDescription: "\(rule.kind), perceptron, full batch",
        problem: Setup(
          data: TwoClusters(variance: 0.5), samplesPerWeight: 2.3, weightDecay: 0.4,
          start: Start(variance: 0.7, overlap: [[0.3]]), learningRate: 0.3, steps: 8,
          update: rule, training: settings)),
      Case(
        testDescription: "\(rule.kind), perceptron, persistent masks",
        problem: Setup(
          data: TwoClusters(variance: 0.8), samplesPerWeight: 2.3, weightDecay: 0.1,
          start: Start(variance: 0.2), learningRate: 0.3, steps: 8,
          sampleMask: PersistentMask(density: 0.4, correlation: 0.7),
          weightMask: PersistentMask(density: 0.5, correlation: 0.5), update: rule,
          training: settings)),
      Case(
        testDescription: "\(rule.kind), committee, independent masks",
        problem: Setup(
          data: Xor(separation: 1.2, variance: 0.4), samplesPerWeight: 2.3,
          network: Committee(activation: .erf, readout: [1, -1]), weightDecay: 0.2,
          start: Start(variance: 0.6, overlap: [[0.5, -0.1], [0.2, 0.7]]), learningRate: 0.5,
          steps: 7, gradientScale: .mean, sampleMask: IndependentMask(density: 0.5),
          weightMask: IndependentMask(density: 0.4), update: rule, training: settings)),
    ]
  }

  /// Every rule with rates, decays and densities that change. `[schedule.kinds]`
  /// `[schedule.memory]`
  static let schedules = Rules.all.map { rule in
    var problem = Setup(
      data: TwoClusters(variance: 0.8), samplesPerWeight: 2.3,
      network: Committee(
        activation: .erf, readout: [1], readoutLearningRate: line(0.4, 0.1)),
      start: Start(variance: 0.2, overlap: [[0.3]]), learningRate: 0.3, steps: 8,
      gradientScale: .mean,
      sampleMask: PersistentMask(density: line(0.3, 0.7), .correlation(0.4)),
      weightMask: PersistentMask(density: line(0.8, 0.4), .correlation(0.2)), update: rule,
      training: settings)
    problem.parts.timing = .steps(8, learningRate: line(0.4, 0.1))
    problem.parts.rule.weightDecay = line(0.1, 0.5)
    return Case(testDescription: "\(rule.kind), schedules", problem: problem)
  }

  /// Rules whose own numbers change, noise of the weights that does, and a transient part with a
  /// price. `[schedule.rules]` `[schedule.noise]` `[observable.upkeep]`
  static let scheduledRules: [Case] = {
    let rules: [(String, any UpdateRule)] = [
      ("clip", ClipUpdate(threshold: line(0.3, 0.05))),
      ("soft-threshold", SoftThresholdUpdate(threshold: line(0.02, 0.3))),
      ("top-fraction", TopFractionUpdate(fraction: line(0.9, 0.1))),
      ("error-feedback", ErrorFeedbackUpdate(fraction: line(0.2, 0.7))),
      ("momentum", MomentumUpdate(coefficient: line(0.2, 0.9))),
      ("caching", CachingUpdate(threshold: line(0.25, 0.05), decay: line(0.4, 0))),
      (
        "caching with a price",
        CachingUpdate(threshold: line(0.25, 0.05), decay: line(0.1, 0.2), transientCost: 0.3)
      ),
    ]
    return rules.flatMap { name, rule in
      schedules.prefix(1).map { example in
        var problem = example.problem
        problem.update = rule
        problem.weightNoise = WeightNoise(sigma: line(0.9, 0.1), reliabilityCost: 0.2)
        return Case(testDescription: "\(name), numbers of its own that change", problem: problem)
      }
    }
  }()

  private static func line(_ first: Double, _ last: Double) -> Schedule {
    .varying(PiecewiseLinear(steps: [0, 8], values: [first, last]))
  }

  @Test(
    arguments: cases + rules + schedules + scheduledRules + masks + networks + passes + machines)
  func everyObservableAtEveryObservedStep(_ example: Case) throws {
    let problem = example.problem
    let curves = try DirectTraining(problem).run()
    let naive = (0..<3).map {
      NaiveTraining(problem, dimension: 37, run: 3 * problem.path + $0).rows
    }
    let steps = problem.grid.steps == 8 ? [0, 3, 6, 8] : [0, 3, 6, 7]
    let single = problem.hiddenUnits == 1 && problem.signalDirections == 1
    func check(_ observable: Observable, _ value: (NaiveTraining.Row) -> Double) {
      let curve = curves.first { $0.observable == observable }
      #expect(curve?.steps == steps)
      for (index, step) in steps.enumerated() {
        let expected = naive.map { value($0[step]) }.reduce(0, +) / 3
        let found = curve?.estimates[index].value ?? .nan
        // Fields and gradients are Floats: 10^-5 is 100 roundings.
        #expect(abs(found - expected) < 1e-5 * max(1, abs(expected)), "\(observable) at \(step)")
      }
    }
    check(.trainingLoss) { $0.loss }
    if problem.network.machine == nil {
      check(.trainingError) { $0.error }
    } else {
      #expect(!curves.contains { [.trainingError, .testError].contains($0.observable) })
    }
    if let machine = NaiveMachine(problem, RandomStream(seed: 0, purpose: .check)) {
      check(.freeEnergy) { -machine.average($0.covariance).logPartition }
      check(.logLikelihood) { -$0.loss - machine.average($0.covariance).logPartition }
    }
    for k in 0..<problem.hiddenUnits {
      for p in 0..<problem.signalDirections {
        check(.magnetisation(k, p, single: single)) { $0.overlaps[k][p] }
      }
      for l in k..<problem.hiddenUnits {
        check(.norm(k, l, single: single)) { $0.covariance[k][l] }
      }
    }
    for index in problem.network.readout.initial.indices {
      let (outputs, units) = (max(problem.network.classes, 1), problem.hiddenUnits)
      let observable = Observable.readout(index / units, index % units, outputs: outputs)
      if problem.network.readout.isLearned {
        check(observable) { $0.readout[index] }
      } else {
        #expect(!curves.contains { $0.observable == observable })
      }
    }
    check(.writes) { $0.writes }
    check(.absoluteChange) { $0.absoluteChange }
    check(.squaredChange) { $0.squaredChange }
    check(.netChange) { $0.netChange }
    check(.inefficiency) { $0.inefficiency }
    check(.activity) { $0.activity }
    check(.samplesUsed) { $0.samplesUsed }
    if problem.update.hasUpkeep { check(.transientCost) { $0.transientCost } }
    #expect(
      curves.contains { $0.observable == .transientCost } == problem.update.hasUpkeep)
    let noise = problem.weightNoise
    if noise.reliabilityCost > 0 {
      check(.optimalWeightNoise) {
        pow(noise.reliabilityCost * noise.exponent / $0.curvature, 1 / (noise.exponent + 2))
      }
    }
    if noise.hasPrice { check(.reliabilityCost) { $0.reliabilityCost } }
    #expect(curves.contains { $0.observable == .reliabilityCost } == noise.hasPrice)
  }

  /// Run r of R on path q takes the streams of index q R + r, and `run` is the mean of its
  /// recordings.
  @Test func pathsHaveRunsOfTheirOwn() throws {
    var problem = Self.cases[1].problem
    problem.path = 2
    let recordings = try DirectTraining(problem).recordings(dimension: 37)
    #expect(recordings.count == 3)
    for (run, recording) in recordings.enumerated() {
      let naive = NaiveTraining(problem, dimension: 37, run: 6 + run).rows
      let norms = recording.values(.norm(0, 0, single: true)).map(\.value)
      #expect(recording.steps == [0, 3, 6, 7] && norms.count == 4)
      for (norm, step) in zip(norms, recording.steps) {
        #expect(abs(norm - naive[step].covariance[0][0]) < 1e-5)
      }
    }
    let curves = try DirectTraining(problem).run(dimension: 37)
    #expect(curves.map(\.estimates) == Curve.mean(of: recordings).map(\.estimates))
  }

  @Test func observablesComeInTheOrderOfTheFiles() throws {
    let curves = try DirectTraining(Self.cases[0].problem).run()
    #expect(
      curves.map(\.observable.name) == [
        "training_loss", "training_error", "test_loss", "test_error", "magnetisation", "norm",
        "writes", "absolute_change", "squared_change", "net_change", "inefficiency", "activity",
        "samples_used",
      ])
    #expect(curves.allSatisfy { $0.replicas == 3 })
  }

  @Test func divergenceNamesTheStep() throws {
    var problem = Self.cases[1].problem
    problem.learningRate = 20
    problem.steps = 20
    let steps = (0..<3).map { NaiveTraining(problem, dimension: 37, run: $0).divergence }
    let expected = try #require(steps[0])
    #expect(throws: SolverError.diverged(step: expected, solver: "training")) {
      try DirectTraining(problem).run()
    }
  }
}
