import LearningProblem
import MeanField
import TestSupport

/// Problems whose inputs are in groups, for tests of theory against training.
enum InputGroupsCases {
  /// Three groups, in which variances have a row for all clusters or one for each; for two
  /// directions the signals of a group are correlated.
  static func groups(
    _ variances: [[Double]], _ basis: InputGroups.Basis = .inputs, directions: Int = 1
  ) -> GroupedInputs {
    GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: variances,
      signal: directions == 1
        ? [[0.4, 1, 2.5]] : [[0.4, 1, 2.5], [0.2, -0.5, 0.25], [1.6, 0.4, 0.4]], basis: basis)
  }

  /// Twelve steps, α 2, λ 0.1.
  static func setup(
    _ inputs: any InputModel, data: any DataModel, network: any Network = Perceptron(),
    loss: (any Loss)? = nil, start: Start = Start(variance: 0.3), rate: Double = 0.2,
    samples: any Mask = FullMask(), weights: any WeightMask = FullMask(),
    update: any UpdateRule = PlainUpdate(), dropout: Dropout = Dropout()
  ) -> Setup {
    var setup = Setup(
      data: data, samplesPerWeight: 2, network: network, loss: loss, weightDecay: 0.1,
      start: start, learningRate: rate, steps: 12, sampleMask: samples, weightMask: weights,
      update: update, dropout: dropout, theory: TheorySettings(trajectories: 2000, batches: 6))
    setup.inputs = inputs
    return setup
  }

  static let committee = Committee(activation: .erf, readout: [1, -1])
  static let units = Start(variance: 0.3, overlap: [[0.5, -0.1], [0.2, 0.7]])
  static let xor = Xor(separation: 1.2, variance: 0.4)
}
