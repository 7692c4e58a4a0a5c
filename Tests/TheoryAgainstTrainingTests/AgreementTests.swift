import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

@Suite("Theory against direct training")
struct AgreementTests {
  struct Combination: Sendable, CustomStringConvertible {
    let description: String
    let problem: Setup

    init(
      _ description: String, data: any DataModel = TwoClusters(variance: 0.5), alpha: Double = 2,
      network: any Network = Perceptron(), loss: (any Loss)? = nil, decay: Double = 0.1,
      start: Start = Start(variance: 0.1), rate: Double = 0.3, steps: Int = 15,
      scale: LearningRule.GradientScale = .sum, samples: any Mask = FullMask(),
      weights: any WeightMask = FullMask(), update: any UpdateRule = PlainUpdate(),
      noise: WeightNoise = WeightNoise(), dropout: Dropout = Dropout(), runs: Int = 12
    ) {
      self.description = description
      problem = Setup(
        data: data, samplesPerWeight: alpha, network: network, loss: loss, weightDecay: decay,
        start: start, learningRate: rate, steps: steps, gradientScale: scale,
        sampleMask: samples, weightMask: weights, update: update, weightNoise: noise,
        dropout: dropout,
        theory: TheorySettings(trajectories: 2000, batches: 8),
        training: TrainingSettings(dimension: 1000, runs: runs))
    }
  }

  private static let xorCommittee = Committee(activation: .erf, readout: [1, 1, -1, -1])
  private static let xorStart = Start(
    variance: 0.3, overlap: [[0.4, 0.1], [-0.3, 0], [0, 0.4], [0.1, -0.3]])

  static let combinations = [
    Combination("perceptron, logistic, full, full"),
    Combination(
      "perceptron, logistic, independent, full", scale: .mean,
      samples: IndependentMask(density: 0.3)),
    Combination(
      "perceptron, logistic, persistent, full",
      samples: PersistentMask(density: 0.3, correlation: 0.8)),
    Combination("perceptron, logistic, epoch, full", samples: EpochMask(epochSteps: 4)),
    Combination(
      "perceptron, logistic, full, independent", weights: IndependentMask(density: 0.5)),
    Combination(
      "perceptron, logistic, independent, persistent", samples: IndependentMask(density: 0.4),
      weights: PersistentMask(density: 0.5, correlation: 0.8)),
    Combination(
      "perceptron, logistic, persistent, independent",
      samples: PersistentMask(density: 0.4, correlation: 0.7),
      weights: IndependentMask(density: 0.5)),
    Combination("perceptron, logistic, full, frozen", weights: FrozenMask(density: 0.5)),
    Combination(
      "perceptron, square, persistent, persistent, overlap", loss: SquareLoss(),
      start: Start(variance: 0.3, overlap: [[-0.4]]), rate: 0.2,
      samples: PersistentMask(density: 0.4, correlation: 0.8),
      weights: PersistentMask(density: 0.5, correlation: 0.7)),
    Combination(
      "perceptron, square, epoch, frozen", loss: SquareLoss(), rate: 0.2,
      samples: EpochMask(epochSteps: 5), weights: FrozenMask(density: 0.6)),
    Combination(
      "perceptron on three clusters, square, independent, independent",
      data: ThreeClusters(variance: 0.3, outerProbability: 0.4), loss: SquareLoss(),
      start: Start(variance: 0.3, overlap: [[0.5]]), rate: 0.2,
      samples: IndependentMask(density: 0.5), weights: IndependentMask(density: 0.5)),
    Combination(
      "door on three clusters, logistic, persistent, full", data: ThreeClusters(variance: 0.05),
      alpha: 3, network: Door(width: 0.7),
      start: Start(variance: 0.01, overlap: [[0.3]]), rate: 0.2,
      samples: PersistentMask(density: 0.3, correlation: 0.6)),
    Combination(
      "door on three clusters, logistic, independent, independent",
      data: ThreeClusters(variance: 0.05), alpha: 3, network: Door(width: 0.7),
      start: Start(variance: 0.01, overlap: [[0.3]]), rate: 0.2,
      samples: IndependentMask(density: 0.5), weights: IndependentMask(density: 0.5)),
    Combination(
      "perceptron on a regression teacher, square, independent, independent",
      data: LinearTeacher(noise: 0.3), alpha: 1.5, loss: SquareLoss(),
      start: Start(variance: 0.2, overlap: [[0.1]]), rate: 0.15,
      samples: IndependentMask(density: 0.4), weights: IndependentMask(density: 0.5), runs: 32),
    Combination(
      "perceptron on a sign teacher, logistic, independent, independent",
      data: LinearTeacher(labels: .sign), start: Start(variance: 0.2, overlap: [[-0.2]]),
      samples: IndependentMask(density: 0.4), weights: IndependentMask(density: 0.5)),
    Combination(
      "perceptron on a regression teacher, logistic, persistent, full",
      data: LinearTeacher(noise: 0.5), scale: .mean,
      samples: PersistentMask(density: 0.5, correlation: 0.6)),
    Combination(
      "erf committee of 2 on a sign teacher, logistic, independent, independent",
      data: LinearTeacher(labels: .sign), network: Committee(activation: .erf, readout: [1, 1]),
      start: Start(variance: 0.3, overlap: [[0.3], [-0.1]]),
      samples: IndependentMask(density: 0.5), weights: IndependentMask(density: 0.5)),
    Combination(
      "noisy weights, perceptron, logistic, persistent, independent",
      samples: PersistentMask(density: 0.5, correlation: 0.6),
      weights: IndependentMask(density: 0.5), noise: WeightNoise(sigma: 0.8, reliabilityCost: 0.1)),
    Combination(
      "noisy weights, perceptron, square, independent, independent", loss: SquareLoss(),
      samples: IndependentMask(density: 0.5), weights: IndependentMask(density: 0.5),
      noise: WeightNoise(sigma: 0.8, reliabilityCost: 0.1, exponent: 1)),
    Combination(
      "noisy weights, softplus committee on a sign teacher, logistic, independent, full",
      data: LinearTeacher(labels: .sign),
      network: Committee(activation: .softplus, readout: [1, -1]),
      start: Start(variance: 0.2, overlap: [[0.2], [-0.1]]),
      samples: IndependentMask(density: 0.5), noise: WeightNoise(sigma: 0.5)),
    Combination(
      "committee of 4 on xor, logistic, independent, independent",
      data: Xor(separation: 1.5, variance: 0.3), alpha: 3, network: xorCommittee, start: xorStart,
      steps: 10, samples: IndependentMask(density: 0.5),
      weights: IndependentMask(density: 0.5)),
    Combination(
      "committee of 4 on xor, square, full, full", data: Xor(separation: 1.5, variance: 0.3),
      alpha: 3, network: xorCommittee, loss: SquareLoss(), start: xorStart, rate: 0.15,
      steps: 10),
    Combination(
      "softplus committee of 2 on two clusters, logistic, persistent, independent",
      network: Committee(activation: .softplus, readout: [1, -1]),
      start: Start(variance: 0.2, overlap: [[0.2], [-0.1]]), steps: 10,
      samples: PersistentMask(density: 0.4, correlation: 0.5),
      weights: IndependentMask(density: 0.6)),
  ]

  private static let softplus = Committee(activation: .softplus, readout: [1, 1, -1, -1])

  /// Structured masks, several outputs, learned readouts, dropout, machines. `[mask.structure]`
  /// `[network.softmax]` `[network.readout]` `[problem.dropout]` `[boltzmann.likelihood]`
  static let networks =
    [
      (IndependentMask(density: 0.5) as any WeightMask, "element"),
      (ColumnMask(density: 0.5), "column"),
      (ColumnMask(density: 0.5, correlation: 0.7), "persistent column"),
      (RowMask(density: 0.5), "row"), (SubnetMask(inputs: 0.5, units: 0.5), "subnet"),
      (SubnetMask(inputs: 0.6, units: 0.5, period: 3), "subnet redrawn every 3 steps"),
      (SubnetMask(inputs: 0.5, units: 0.25, period: nil), "fixed subnet"),
      (CompetitiveUnitsMask(fraction: 0.5), "competitive units"),
      (PersistentMask(density: 0.5, correlation: 0.7), "persistent element"),
    ].map { mask, name in
      Combination(
        "softplus committee of 4 on xor under \(name) masks",
        data: Xor(separation: 1.5, variance: 0.3), alpha: 3, network: softplus, start: xorStart,
        steps: 10, samples: IndependentMask(density: 0.5), weights: mask)
    } + [
      Combination(
        "top fraction under a column mask, committee of 4 on xor",
        data: Xor(separation: 1.5, variance: 0.3), alpha: 3, network: softplus, start: xorStart,
        steps: 8, weights: ColumnMask(density: 0.5), update: TopFractionUpdate(fraction: 0.3)),
      Combination(
        "momentum under a row mask, committee of 2",
        network: Committee(activation: .erf, readout: [1, 1]),
        start: Start(variance: 0.3, overlap: [[0.3], [-0.1]]), rate: 0.1, steps: 10,
        weights: RowMask(density: 0.6, period: 2, seed: 3), update: MomentumUpdate(coefficient: 0.5)
      ),
      Combination(
        "relu committee of 3, learned readout",
        network: Committee(activation: .relu, readout: [1, 0.5, -0.7], readoutLearningRate: 0.3),
        start: Start(variance: 0.3, overlap: [[0.3], [-0.1], [-0.2]]), steps: 12,
        samples: IndependentMask(density: 0.5), noise: WeightNoise(sigma: 0, reliabilityCost: 0.1)),
      Combination(
        "quadratic committee of 2 on three clusters, square loss, learned readout",
        data: ThreeClusters(variance: 0.2),
        network: Committee(activation: .quadratic, readout: [1, -0.5], readoutLearningRate: 0.2),
        loss: SquareLoss(), start: Start(variance: 0.2, overlap: [[0.4], [0.1]]), rate: 0.05,
        steps: 10, weights: RowMask(density: 0.5, seed: 9)),
      Combination(
        "softmax of three fields, unequal clusters",
        data: Mixture(
          clusters: [
            Cluster(probability: 0.5, centre: [1.2, 0], label: 1, variance: 0.4),
            Cluster(probability: 0.2, centre: [-0.5, 1], label: 2, variance: 0.9),
            Cluster(probability: 0.3, centre: [-0.5, -1], label: 3, variance: 0.2),
          ]), network: Softmax(outputs: 3),
        start: Start(variance: 0.2, overlap: [[0, 0], [0, 0], [0, 0]]), steps: 12, scale: .mean,
        samples: PersistentMask(density: 0.5, correlation: 0.5), weights: ColumnMask(density: 0.6)),
      Combination(
        "softmax above two hidden units, learned readout, unequal variances",
        data: Mixture(
          clusters: [
            Cluster(probability: 0.4, centre: [1.2], label: 1, variance: 0.4),
            Cluster(probability: 0.3, centre: [0], label: 2, variance: 0.2),
            Cluster(probability: 0.3, centre: [-1], label: 3, variance: 0.7),
          ]),
        network: Softmax(
          activation: .softplus, readout: [[1, -0.5], [-0.3, -0.4], [-0.6, 1]],
          readoutLearningRate: 0.4),
        start: Start(variance: 0.3, overlap: [[0.3], [-0.2]]), steps: 12,
        samples: IndependentMask(density: 0.5),
        weights: SubnetMask(inputs: 0.7, units: 0.5, seed: 4)),
      Combination(
        "dropout of inputs, perceptron, logistic, independent, independent",
        samples: IndependentMask(density: 0.5), weights: IndependentMask(density: 0.5),
        dropout: Dropout(inputs: 0.4)),
      Combination(
        "dropout of inputs, perceptron, square, persistent", loss: SquareLoss(), rate: 0.15,
        samples: PersistentMask(density: 0.5, correlation: 0.6), dropout: Dropout(inputs: 0.4)),
      Combination(
        "dropout of inputs, regression teacher, square", data: LinearTeacher(noise: 0.3),
        loss: SquareLoss(), start: Start(variance: 0.2, overlap: [[0.1]]), rate: 0.1,
        dropout: Dropout(inputs: 0.5), runs: 32),
      Combination(
        "dropout of inputs and hidden units, softplus committee of 3, learned readout",
        network: Committee(
          activation: .softplus, readout: [1, 0.8, -1], readoutLearningRate: 0.3),
        start: Start(variance: 0.3, overlap: [[0.3], [0.1], [-0.3]]), steps: 10,
        samples: IndependentMask(density: 0.6), dropout: Dropout(hidden: 0.4, inputs: 0.3)),
      Combination(
        "dropout of hidden units and inputs, softplus committee of 2, persistent mini-batches",
        network: Committee(activation: .softplus, readout: [1, -1]),
        start: Start(variance: 0.3, overlap: [[0.3], [-0.2]]), steps: 12,
        samples: PersistentMask(density: 0.4, correlation: 0.7),
        dropout: Dropout(hidden: 0.4, inputs: 0.3)),
      Combination(
        "dropout of hidden units, softmax above three hidden units",
        network: Softmax(activation: .erf, readout: [[1, 1, 0.5], [-1, -1, 0]]),
        start: Start(variance: 0.3, overlap: [[0.3], [0.1], [-0.3]]), steps: 10,
        dropout: Dropout(hidden: 0.5)),
      Combination(
        "boltzmann machine of one unit", network: Boltzmann(hidden: 1, variance: 0.6), decay: 0.05,
        start: Start(variance: 0.3, overlap: [[0.3]]), rate: 0.2, steps: 20),
      Combination(
        "boltzmann machine of three units on xor, mini-batches",
        data: Xor(separation: 1.5, variance: 0.4), alpha: 3,
        network: Boltzmann(hidden: 3, variance: 0.5), decay: 0,
        start: Start(variance: 0.3, overlap: [[0.4, 0], [0.1, 0.3], [-0.2, 0.2]]), rate: 0.2,
        steps: 12, samples: IndependentMask(density: 0.5), weights: IndependentMask(density: 0.7)),
    ]

  @Test(
    "every observable, at every step, within joint standard errors",
    arguments: combinations + networks)
  func agreement(combination: Combination) throws {
    let theory = try MeanFieldSolver(combination.problem).solve().curves
    let training = try DirectTraining(combination.problem).run()
    let comparison = Comparison(theory: theory, training: training)
    #expect(comparison.rows.count >= 7)
    for row in comparison.rows {
      #expect(row.agrees, "\(row.observable): largest distance \(row.largestDistance)")
      #expect(row.rmsDistance < 3.5, "\(row.observable): rms distance \(row.rmsDistance)")
    }
  }

  @Test("training at two dimensions agrees with the theory, and with each other")
  func dimensions() throws {
    var problem = Cases.logistic(
      steps: 15, sampleMask: PersistentMask(density: 0.4, correlation: 0.7),
      weightMask: IndependentMask(density: 0.5))
    let theory = try MeanFieldSolver(problem).solve().curves
    for (dimension, runs) in [(500, 24), (2000, 6)] {
      problem.training = TrainingSettings(dimension: dimension, runs: runs, seed: 5)
      let comparison = Comparison(
        theory: theory, training: try DirectTraining(problem).run())
      #expect(comparison.agrees, "d = \(dimension)")
    }
  }
}
