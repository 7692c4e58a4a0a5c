import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing
import Training

/// `[inputs.weight]` `[inputs.teacher]` `[inputs.axes]` `[inputs.observed]`
@Suite("Theory against direct training: inputs in groups")
struct InputGroupsAgreementTests {
  private static func groups(
    _ basis: InputGroups.Basis = .inputs, directions: Int = 1
  ) -> GroupedInputs {
    GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [0.3, 1, 2.5],
      signal: directions == 1
        ? [[0.4, 1, 2.5]] : [[0.4, 1, 2.5], [0.2, -0.5, 0.25], [1.6, 0.4, 0.4]], basis: basis)
  }

  private static func setup(
    _ inputs: any InputModel = groups(), data: any DataModel = TwoClusters(variance: 0.5),
    network: any Network = Perceptron(), loss: (any Loss)? = nil,
    start: Start = Start(variance: 0.3), rate: Double = 0.2, samples: any Mask = FullMask(),
    weights: any WeightMask = FullMask(), update: any UpdateRule = PlainUpdate(),
    dropout: Dropout = Dropout()
  ) -> Setup {
    var setup = Setup(
      data: data, samplesPerWeight: 2, network: network, loss: loss, weightDecay: 0.1,
      start: start, learningRate: rate, steps: 12, sampleMask: samples, weightMask: weights,
      update: update, dropout: dropout, theory: TheorySettings(trajectories: 2000, batches: 6))
    setup.inputs = inputs
    return setup
  }

  private static let committee = Committee(activation: .erf, readout: [1, -1])
  private static let units = Start(variance: 0.3, overlap: [[0.5, -0.1], [0.2, 0.7]])
  private static let xor = Xor(separation: 1.2, variance: 0.4)

  static let cases: [(String, Setup)] = [
    (
      "square, persistent, persistent",
      setup(
        loss: SquareLoss(), samples: PersistentMask(density: 0.4, correlation: 0.7),
        weights: PersistentMask(density: 0.5, correlation: 0.7))
    ),
    (
      "logistic, independent, independent",
      setup(samples: IndependentMask(density: 0.4), weights: IndependentMask(density: 0.5))
    ),
    ("hinge, full, frozen", setup(loss: HingeLoss(), weights: FrozenMask(density: 0.5))),
    (
      "sign, persistent samples",
      setup(
        rate: 0.05, samples: PersistentMask(density: 0.4, correlation: 0.7),
        update: SignUpdate())
    ),
    (
      "top fraction of unequal shares",
      setup(
        GroupedInputs(shares: [0.57, 0.31, 0.12], variances: [0.3, 1, 2.5]),
        samples: IndependentMask(density: 0.5), update: TopFractionUpdate(fraction: 0.3))
    ),
    (
      "caching, epochs",
      setup(
        samples: EpochMask(epochSteps: 3),
        update: CachingUpdate(threshold: 0.1, decay: 0.1))
    ),
    (
      "committee of two, columns, correlated signals",
      setup(
        groups(directions: 2), data: xor, network: committee, loss: SquareLoss(), start: units,
        weights: ColumnMask(density: 0.6))
    ),
    (
      "committee of two, dropout",
      setup(
        groups(directions: 2), data: xor, network: committee, start: units,
        dropout: Dropout(hidden: 0.2, inputs: 0.2))
    ),
    (
      "regression from a teacher",
      setup(
        data: LinearTeacher(noise: 0.3), loss: SquareLoss(),
        start: Start(variance: 0.3, overlap: [[0.3]]), rate: 0.1,
        samples: IndependentMask(density: 0.5), weights: IndependentMask(density: 0.5))
    ),
    (
      "power law",
      setup(
        PowerLawInputs(capacity: 1, source: 1, smallest: 0.02, groups: 4),
        samples: IndependentMask(density: 0.5))
    ),
    (
      "axes, square, independent, independent",
      setup(
        groups(.axes), loss: SquareLoss(), samples: IndependentMask(density: 0.4),
        weights: IndependentMask(density: 0.5))
    ),
    (
      "axes, logistic, persistent, full",
      setup(groups(.axes), samples: PersistentMask(density: 0.4, correlation: 0.7))
    ),
    (
      "axes, signs of a teacher, full, independent",
      setup(
        groups(.axes), data: LinearTeacher(labels: .sign),
        weights: IndependentMask(density: 0.4))
    ),
    (
      "axes, committee of two, columns",
      setup(
        groups(.axes, directions: 2), data: xor, network: committee, loss: SquareLoss(),
        start: units, weights: ColumnMask(density: 0.6))
    ),
  ]

  @Test("every observable, at two dimensions", arguments: cases)
  func agreement(name: String, setup: Setup) throws {
    try expectAgreementAtTwoDimensions(setup, count: 14)
  }

  /// What chapter 16 distinguishes, direct training tells apart. `[inputs.axes]`
  @Test("the noise of a mask on inputs is not that of one on axes")
  func power() throws {
    var setup = Self.cases[10].1
    let axes = try MeanFieldSolver(setup).solve().curves
    setup.inputs = Self.groups()
    setup.training = TrainingSettings(dimension: 1000, runs: 16, seed: 5)
    let training = try DirectTraining(setup).run()
    let comparison = Comparison(theory: axes, training: training)
    #expect(!comparison.agrees)
  }
}
