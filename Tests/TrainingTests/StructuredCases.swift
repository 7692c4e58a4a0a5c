import LearningProblem
import TestSupport

/// Cases for `AgainstNaiveTests`: structured masks, networks with several outputs or a learned
/// readout, dropout, and machines.
extension AgainstNaiveTests {
  static let price = WeightNoise(reliabilityCost: 0.2)
  static let tilted = Start(variance: 0.6, overlap: [[0.5, -0.1], [0.2, 0.7], [-0.4, 0.3]])
  /// A readout that is learned fast.
  static let committee = Committee(
    activation: .softplus, readout: [1, -0.7, 0.4], readoutLearningRate: 0.8)
  static let classifier = Softmax(
    activation: .erf, readout: [[1, -0.5, 0.3], [-0.8, 0.4, 0.6], [0.2, 0.9, -1]],
    readoutLearningRate: 0.7)
  /// Three classes, clusters of unequal variances and probabilities.
  static let classes = Mixture(clusters: [
    Cluster(probability: 0.5, centre: [1.2, 0], label: 2, variance: 0.3),
    Cluster(probability: 0.2, centre: [-0.5, 1], label: 1, variance: 0.9),
    Cluster(probability: 0.3, centre: [0, -1.1], label: 3, variance: 0.6),
  ])

  /// Three hidden units on xor.
  static func xor(
    _ name: String, path: Int = 0, network: any Network = committee,
    weightMask: any WeightMask = FullMask(), update: any UpdateRule = PlainUpdate(),
    weightNoise: WeightNoise = price, dropout: Dropout = Dropout()
  ) -> Case {
    var problem = Setup(
      data: Xor(separation: 1.2, variance: 0.4), samplesPerWeight: 2.3, network: network,
      weightDecay: 0.2, start: tilted, learningRate: 0.2, steps: 7, gradientScale: .mean,
      sampleMask: IndependentMask(density: 0.5), weightMask: weightMask, update: update,
      weightNoise: weightNoise, dropout: dropout, training: settings)
    problem.path = path
    return Case(testDescription: name, problem: problem)
  }

  static let masks = [
    xor("rows, redrawn every 2 steps", weightMask: RowMask(density: 0.5, period: 2, seed: 3)),
    xor("rows, another path", path: 2, weightMask: RowMask(density: 0.5, seed: 3)),
    xor("columns", weightMask: ColumnMask(density: 0.4)),
    xor("persistent columns", weightMask: ColumnMask(density: 0.4, correlation: 0.6)),
    xor("subnet", weightMask: SubnetMask(inputs: 0.5, units: 0.67, period: 3, seed: 3)),
    xor("subnet of units, drawn once", weightMask: SubnetMask(units: 0.34, period: nil, seed: 5)),
    xor("competitive units", weightMask: CompetitiveUnitsMask(fraction: 0.67)),
    xor("competitive units with switches of their own", weightMask: CompetingSynapses()),
    xor("competitive units, one", weightMask: CompetitiveUnitsMask(fraction: 0.1)),
    xor(
      "rows, top fraction", weightMask: RowMask(density: 0.5, seed: 4),
      update: TopFractionUpdate(fraction: 0.3)),
    xor(
      "rows, momentum", weightMask: RowMask(density: 0.5, seed: 4),
      update: MomentumUpdate(coefficient: 0.7)),
    xor(
      "subnet, stochastic rounding", weightMask: SubnetMask(inputs: 0.5, units: 0.5, seed: 4),
      update: StochasticRoundingUpdate(quantum: 0.05)),
  ]

  /// Softmax on three classes; hidden units have their own start.
  static func softmax(
    _ name: String, _ network: Softmax, sampleMask: any Mask = IndependentMask(density: 0.5),
    weightMask: any WeightMask = FullMask(), update: any UpdateRule = PlainUpdate(),
    dropout: Dropout = Dropout()
  ) -> Case {
    Case(
      testDescription: name,
      problem: Setup(
        data: classes, samplesPerWeight: 2.3, network: network, weightDecay: 0.2, start: tilted,
        learningRate: 0.3, steps: 7, sampleMask: sampleMask, weightMask: weightMask, update: update,
        weightNoise: price, dropout: dropout, training: settings))
  }

  static let networks = [
    xor(
      "fixed readout, relu", network: Committee(activation: .relu, readout: [1, -0.7, 0.4]),
      weightNoise: WeightNoise()),
    xor(
      "learned readout, quadratic",
      network: Committee(
        activation: .quadratic, readout: [0.3, -0.3, 0.2], readoutLearningRate: 0.2),
      weightNoise: WeightNoise()),
    softmax("softmax of the fields, full batch", Softmax(outputs: 3), sampleMask: FullMask()),
    softmax("softmax of the fields, lazy rule", Softmax(outputs: 3), update: LazyUpdate()),
    softmax("softmax, hidden units, learned readout", classifier),
    softmax("softmax, hidden units, rows", classifier, weightMask: RowMask(density: 0.5, seed: 3)),
    softmax("softmax, hidden units, lazy rule", classifier, update: LazyUpdate()),
  ]

  static let passes = [
    xor("dropout of hidden units", dropout: Dropout(hidden: 0.4)),
    xor("dropout of inputs", dropout: Dropout(inputs: 0.3)),
    xor(
      "dropout of both, lazy rule", update: LazyUpdate(),
      dropout: Dropout(hidden: 0.4, inputs: 0.3)),
    xor(
      "dropout of hidden units, noisy weights, fixed readout",
      network: Committee(activation: .softplus, readout: [1, -0.7, 0.4]),
      weightNoise: WeightNoise(sigma: 0.4, reliabilityCost: 0.2), dropout: Dropout(hidden: 0.4)),
    softmax("dropout of hidden units, softmax", classifier, dropout: Dropout(hidden: 0.4)),
    softmax(
      "dropout of inputs, softmax of the fields, full batch", Softmax(outputs: 3),
      sampleMask: FullMask(), dropout: Dropout(inputs: 0.3)),
  ]

  /// A machine of two units on xor.
  static func machine(
    _ name: String, contrast: Int = 0, scale: LearningRule.GradientScale = .sum,
    sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask(),
    weightNoise: WeightNoise = WeightNoise(), dropout: Dropout = Dropout()
  ) -> Case {
    Case(
      testDescription: name,
      problem: Setup(
        data: Xor(separation: 1.2, variance: 0.9), samplesPerWeight: 2.3,
        network: Boltzmann(hidden: 2, variance: 0.7, contrastiveDivergence: contrast),
        weightDecay: 0.1, start: Start(variance: 0.6, overlap: [[0.5, -0.1], [0.2, 0.7]]),
        learningRate: 0.1,
        steps: 7, gradientScale: scale, sampleMask: sampleMask, weightMask: weightMask,
        weightNoise: weightNoise, dropout: dropout, training: settings))
  }

  static let machines = [
    machine("machine, full batch"),
    machine(
      "machine, mini-batches, masks", sampleMask: IndependentMask(density: 0.5),
      weightMask: IndependentMask(density: 0.6)),
    machine("machine, sigma = 1/b", scale: .mean, sampleMask: IndependentMask(density: 0.5)),
    machine("machine, competing units", weightMask: CompetitiveUnitsMask(fraction: 0.5)),
    machine("machine, dropout of inputs", dropout: Dropout(inputs: 0.3)),
    machine("CD-1, full batch", contrast: 1),
    machine(
      "CD-2, sigma = 1/b", contrast: 2, scale: .mean, sampleMask: IndependentMask(density: 0.5)),
    machine("CD-3, noisy weights", contrast: 3, weightNoise: WeightNoise(sigma: 0.4)),
  ]
}

/// Hidden units compete by the weights that are on: no entry of the catalogue does both.
struct CompetingSynapses: WeightMask {
  static let kind = "competing-synapses"
  static let summary = "competitive units, independent switches"
  static let parameters: [Parameter] = []
  let units = UnitSelection.strongest(fraction: 0.34)

  init() {}
  init(from section: Section) throws {}
  func switches(on grid: TimeGrid) -> any SwitchLaw { IndependentSwitches(density: 0.3) }
}
