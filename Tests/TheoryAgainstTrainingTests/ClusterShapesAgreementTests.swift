import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing
import Training

/// `[inputs.clusters]`
@Suite("Theory against direct training: clusters of different shape")
struct ClusterShapesAgreementTests {
  private static let shapes = [[0.3, 1, 2.5], [1.6, 0.4, 0.2], [0.5, 2.5, 0.3], [2, 0.2, 0.6]]

  private static func groups(
    _ basis: InputGroups.Basis = .inputs, clusters: Int = 2, directions: Int = 1
  ) -> GroupedInputs {
    InputGroupsCases.groups(Array(shapes[..<clusters]), basis, directions: directions)
  }

  private static let two = Mixture(clusters: [
    Cluster(probability: 0.65, centre: [1], label: 1, variance: 0.6),
    Cluster(probability: 0.35, centre: [-1], label: -1, variance: 0.4),
  ])

  private static let classes = Mixture(
    clusters: zip([[1.0, 0], [-0.5, 0.8], [-0.5, -0.9]], 1...).map { centre, label in
      Cluster(
        probability: label == 1 ? 0.5 : 0.25, centre: centre, label: Double(label),
        variance: label == 2 ? 0.5 : 0.3)
    })

  static let cases: [(String, Setup)] = [
    (
      "square, persistent, persistent",
      InputGroupsCases.setup(
        groups(), data: two, loss: SquareLoss(),
        samples: PersistentMask(density: 0.4, correlation: 0.7),
        weights: PersistentMask(density: 0.5, correlation: 0.7))
    ),
    (
      "logistic, independent, independent",
      InputGroupsCases.setup(
        groups(), data: two, samples: IndependentMask(density: 0.4),
        weights: IndependentMask(density: 0.5))
    ),
    (
      "hinge, epochs, top fraction",
      InputGroupsCases.setup(
        groups(), data: two, loss: HingeLoss(), samples: EpochMask(epochSteps: 3),
        update: TopFractionUpdate(fraction: 0.3))
    ),
    (
      "axes, square, independent, independent",
      InputGroupsCases.setup(
        groups(.axes), data: two, loss: SquareLoss(), samples: IndependentMask(density: 0.4),
        weights: IndependentMask(density: 0.5))
    ),
    (
      "axes, logistic, persistent, full",
      InputGroupsCases.setup(
        groups(.axes), data: two, samples: PersistentMask(density: 0.4, correlation: 0.7))
    ),
    (
      "committee of two, columns, four clusters",
      InputGroupsCases.setup(
        groups(clusters: 4, directions: 2), data: InputGroupsCases.xor,
        network: InputGroupsCases.committee, loss: SquareLoss(),
        start: InputGroupsCases.units, weights: ColumnMask(density: 0.6))
    ),
    (
      "committee of two, dropout, learned readout",
      InputGroupsCases.setup(
        groups(clusters: 4, directions: 2), data: InputGroupsCases.xor,
        network: Committee(
          activation: .erf, readout: [1, -1], readoutLearningRate: 0.2),
        start: InputGroupsCases.units,
        dropout: Dropout(hidden: 0.2, inputs: 0.2))
    ),
    (
      "softmax of three classes, persistent samples",
      InputGroupsCases.setup(
        groups(clusters: 3, directions: 2), data: classes, network: Softmax(outputs: 3),
        start: Start(variance: 0.2, overlap: [[0.1, 0], [0, 0.2], [0, -0.2]]), rate: 0.3,
        samples: PersistentMask(density: 0.5, correlation: 0.6))
    ),
  ]

  @Test("every observable, at two dimensions", arguments: cases)
  func agreement(name: String, setup: Setup) throws {
    try expectAgreementAtTwoDimensions(setup, count: 14)
  }

  /// One list, the mean of the two, is another problem.
  @Test("the mean of the shapes does not describe clusters that differ in them")
  func shapes() throws {
    let rows = [[0.1, 0.5, 4], [2.2, 0.4, 0.1]]
    var setup = InputGroupsCases.setup(
      GroupedInputs(shares: [0.5, 0.3, 0.2], variances: rows, signal: [[0.4, 1, 2.5]]),
      data: TwoClusters(variance: 0.6), loss: SquareLoss())
    setup.steps = 20
    setup.training = TrainingSettings(dimension: 1000, runs: 48, seed: 5)
    let training = try DirectTraining(setup).run()
    #expect(
      Comparison(theory: try MeanFieldSolver(setup).solve().curves, training: training).agrees)
    setup.inputs = GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: zip(rows[0], rows[1]).map { ($0 + $1) / 2 },
      signal: [[0.4, 1, 2.5]])
    let pooled = try MeanFieldSolver(setup).solve().curves
    let comparison = Comparison(theory: pooled, training: training)
    #expect(
      comparison.rows.contains { $0.observable == .norm.of(group: 2) && !$0.agrees })
  }
}
