import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing
import Training

/// `[schedule.samples]` `[schedule.weights]` `[schedule.memory]` `[sampling.persistent]`
@Suite("Theory against direct training: schedules")
struct ScheduleAgreementTests {
  private static func line(_ first: Double, _ last: Double) -> Schedule {
    .varying(PiecewiseLinear(steps: [0, 15], values: [first, last]))
  }

  private static let warmUp = Schedule.varying(
    PiecewiseLinear(steps: [0, 5, 15], values: [0.05, 0.3, 0.1]))

  private static func setup(
    data: any DataModel = TwoClusters(variance: 0.5), network: any Network = Perceptron(),
    loss: (any Loss)? = nil, start: Start = Start(variance: 0.3), rate: Schedule = warmUp,
    decay: Schedule = line(0.3, 0.05), scale: LearningRule.GradientScale = .sum,
    samples: any Mask = FullMask(), weights: any WeightMask = FullMask(),
    update: any UpdateRule = PlainUpdate(), noise: WeightNoise = WeightNoise()
  ) -> Setup {
    var setup = Setup(
      data: data, samplesPerWeight: 2, network: network, loss: loss, start: start,
      learningRate: 0.3, steps: 15, gradientScale: scale, sampleMask: samples,
      weightMask: weights, update: update, weightNoise: noise,
      theory: TheorySettings(trajectories: 3000, batches: 6))
    setup.parts.timing = .steps(15, learningRate: rate)
    setup.parts.rule.weightDecay = decay
    return setup
  }

  private static let growing = line(0.2, 0.7)
  private static let falling = line(0.9, 0.4)
  private static let units = Start(variance: 0.3, overlap: [[0.5, -0.1], [0.2, 0.7]])

  static let cases: [(String, Setup)] = [
    (
      "square, persistent, persistent, mean",
      setup(
        loss: SquareLoss(), rate: line(0.2, 0.05), scale: .mean,
        samples: PersistentMask(density: growing, .correlation(0.7)),
        weights: PersistentMask(density: falling, .correlation(0.5)))
    ),
    (
      "square, epochs",
      setup(
        loss: SquareLoss(), samples: EpochMask(epochSteps: 4),
        weights: IndependentMask(density: falling))
    ),
    (
      "logistic, independent, independent",
      setup(
        samples: IndependentMask(density: growing), weights: IndependentMask(density: falling))
    ),
    (
      "logistic, persistent in units of time",
      setup(
        samples: PersistentMask(density: growing, .time(1)),
        weights: PersistentMask(density: falling, .correlation(0.5)))
    ),
    (
      "regression from a teacher, 1/sqrt(t)",
      setup(
        data: LinearTeacher(noise: 0.3), loss: SquareLoss(),
        start: Start(variance: 0.3, overlap: [[0.3]]),
        rate: .varying(PowerDecay(initial: 0.2, exponent: 0.5, timescale: 3)),
        samples: IndependentMask(density: growing))
    ),
    (
      "sign",
      setup(
        rate: line(0.08, 0.01), samples: IndependentMask(density: growing),
        update: SignUpdate())
    ),
    (
      "caching",
      setup(
        samples: IndependentMask(density: growing),
        update: CachingUpdate(threshold: 0.1, decay: 0.1))
    ),
    ("momentum", setup(rate: line(0.05, 0.2), update: MomentumUpdate(coefficient: 0.7))),
    (
      "error feedback, persistent",
      setup(
        samples: PersistentMask(density: growing, .correlation(0.6)),
        update: ErrorFeedbackUpdate(fraction: 0.3))
    ),
    (  // of 400, 1200 and 3000 synapses whole numbers win
      "top fraction that falls",
      setup(
        samples: IndependentMask(density: growing),
        update: TopFractionUpdate(fraction: line(0.8, 0.05)))
    ),
    (
      "clip that tightens, persistent",
      setup(
        samples: PersistentMask(density: growing, .correlation(0.6)),
        update: ClipUpdate(threshold: line(0.4, 0.05)))
    ),
    (
      "caching with a price, threshold and decay that change",
      setup(
        samples: IndependentMask(density: growing),
        update: CachingUpdate(
          threshold: line(0.2, 0.05), decay: line(0, 0.3), transientCost: 0.2))
    ),
    (
      "caching with a price, independent synapses",
      setup(
        rate: .constant(0.2), weights: IndependentMask(density: 0.5),
        update: CachingUpdate(threshold: 0.1, transientCost: 0.2))
    ),
    (
      "noise of the weights that falls",
      setup(
        samples: IndependentMask(density: growing),
        noise: WeightNoise(sigma: line(0.9, 0.1), reliabilityCost: 0.1))
    ),
    (
      "noise of the weights that grows, regression from a teacher",
      setup(
        data: LinearTeacher(noise: 0.3), loss: SquareLoss(),
        start: Start(variance: 0.3, overlap: [[0.3]]), rate: line(0.2, 0.05),
        samples: PersistentMask(density: growing, .correlation(0.6)),
        noise: WeightNoise(sigma: line(0.1, 0.8), reliabilityCost: 0.1))
    ),
    (
      "committee of two, columns, learned readout",
      setup(
        data: Xor(separation: 1.2, variance: 0.4),
        network: Committee(
          activation: .erf, readout: [1, -1], readoutLearningRate: line(0.3, 0.1)),
        start: units, samples: IndependentMask(density: growing),
        weights: IndependentMask(density: falling))
    ),
  ]

  @Test("every observable, at two dimensions", arguments: cases)
  func agreement(name: String, setup: Setup) throws {
    try expectAgreementAtTwoDimensions(setup, count: 12)
  }

  /// Gates of copies count 1/b of their own step. `[replica.site]`
  @Test("two copies with mini-batches that grow")
  func copies() throws {
    let problem = Self.setup(scale: .mean, samples: IndependentMask(density: Self.growing))
    try expectAgreementAtTwoDimensions(problem.replicated(), count: 8)
  }

  /// A theory whose rates are the means of the schedule is another one.
  @Test("schedules are told apart from their means")
  func power() throws {
    var setup = Self.cases[2].1
    let mean = (0..<15).reduce(0.0) { $0 + setup.grid.rate(at: $1) } / 15
    let training = try {
      var setup = setup
      setup.training = TrainingSettings(dimension: 800, runs: 16, seed: 5)
      return try DirectTraining(setup).run()
    }()
    setup.parts.timing = .steps(15, learningRate: .constant(mean))
    let wrong = try MeanFieldSolver(setup).solve().curves
    #expect(!Comparison(theory: wrong, training: training).agrees)
  }
}
