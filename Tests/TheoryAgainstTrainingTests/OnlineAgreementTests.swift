import LearningProblem
import Limits
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// One-pass theory against one-pass training, in batches and sample by sample. `[online.step]`
/// `[online.flow]`
struct OnlineAgreementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let problem: Setup

    init(
      _ description: String, data: any DataModel = TwoClusters(variance: 0.5),
      network: any Network = Perceptron(), loss: (any Loss)? = nil,
      start: Start = Start(variance: 0.1), rate: Double = 0.3,
      weights: any WeightMask = FullMask(), samples: any Mask = FullMask(),
      noise: WeightNoise = WeightNoise(), dimension: Int = 300, runs: Int = 10,
      schedules: (rate: Schedule, decay: Schedule)? = nil
    ) {
      testDescription = description
      var problem = Setup(
        data: data, samplesPerWeight: 1, network: network, loss: loss, weightDecay: 0.1,
        start: start, learningRate: rate, steps: 8, gradientScale: .mean, sampleMask: samples,
        weightMask: weights, weightNoise: noise,
        training: TrainingSettings(dimension: dimension, runs: runs, observeEvery: 4))
      if let schedules {
        problem.parts.timing = .steps(8, learningRate: schedules.rate)
        problem.parts.rule.weightDecay = schedules.decay
      }
      self.problem = problem
    }
  }

  private static func line(_ first: Double, _ last: Double) -> Schedule {
    .varying(PiecewiseLinear(steps: [0, 8], values: [first, last]))
  }

  private static let pair = Start(variance: 0.4, overlap: [[0.3], [-0.2]])

  static let cases = [
    Case(
      "perceptron, logistic, masks", weights: IndependentMask(density: 0.6),
      samples: IndependentMask(density: 0.5)),
    Case(
      "committee of two erf, learned readout, column mask",
      network: Committee(activation: .erf, readout: [1, -0.5], readoutLearningRate: 0.5),
      start: pair, rate: 0.8, weights: ColumnMask(density: 0.7)),
    Case(
      "committee of two erf, element mask",
      network: Committee(activation: .erf, readout: [1, 1]), start: pair, rate: 1.5,
      weights: IndependentMask(density: 0.5)),
    Case(
      "xor, four softplus", data: Xor(separation: 1.5, variance: 0.4),
      network: Committee(activation: .softplus, readout: [1, 1, -1, -1]),
      start: Start(variance: 0.1, overlap: [[0.4, 0], [-0.4, 0], [0, 0.4], [0, -0.4]]),
      rate: 0.5, dimension: 200, runs: 8),
    Case(
      "two relu", network: Committee(activation: .relu, readout: [1, -1]), start: pair),
    Case(
      "teacher, noisy weights", data: LinearTeacher(labels: .sign),
      noise: WeightNoise(sigma: 0.5)),
    Case(
      "schedules",
      network: Committee(
        activation: .erf, readout: [1, -0.5], readoutLearningRate: line(0.8, 0.05)),
      start: pair, weights: IndependentMask(density: line(0.9, 0.3)),
      samples: IndependentMask(density: line(0.2, 0.9)), noise: WeightNoise(sigma: line(1, 0.2)),
      runs: 30,
      schedules: (line(0.8, 0.2), line(0.05, 0.6))),
    Case(
      "Boltzmann machine", network: Boltzmann(hidden: 2, variance: 0.5), start: pair, rate: 0.1),
  ]

  @Test(arguments: cases)
  func batches(_ item: Case) throws { try compare(item, .batches) }

  @Test(arguments: cases)
  func singleSamples(_ item: Case) throws { try compare(item, .singleSamples) }

  private func compare(_ item: Case, _ presentation: OnePass.Presentation) throws {
    let theory = try OnePass(item.problem).solve(presentation)
    let training = try OnlineTraining(item.problem).run(
      singleSamples: presentation == .singleSamples)
    let comparison = Comparison(theory: theory, training: training)
    #expect(comparison.unmatched.isEmpty)
    for row in comparison.rows {
      #expect(row.agrees, "\(row.observable): \(row.largestDistance) joint standard errors")
    }
  }

  /// The comparison can fail: three quarters of the noise of single samples are missing at a
  /// quarter of the rate.
  @Test func canFail() throws {
    var wrong = Self.cases[0].problem
    wrong.timing = .steps(4 * wrong.steps, learningRate: wrong.learningRate / 4)
    let theory = try OnePass(wrong).solve(.singleSamples).map { curve in
      let rows = curve.steps.indices.filter { $0 % 4 == 0 }
      return Curve(
        observable: curve.observable, steps: rows.map { curve.steps[$0] / 4 },
        estimates: rows.map { curve.estimates[$0] }, replicas: 1)
    }
    let training = try OnlineTraining(Self.cases[0].problem).run(singleSamples: true)
    #expect(!Comparison(theory: theory, training: training).agrees)
  }

  /// Results do not depend on the number of threads, nor on what is observed, but for the numbers
  /// that test samples are made of. `[observable.deferred]`
  @Test func reproducible() throws {
    var problem = Self.cases[1].problem
    problem.training = TrainingSettings(dimension: 60, runs: 3, observeEvery: 12)
    let one = try OnlineTraining(problem, parallel: ParallelFor(threads: 1)).run()
    let two = try OnlineTraining(problem, parallel: ParallelFor(threads: 2)).run()
    problem.training.observeEvery = 3
    let often = try OnlineTraining(problem).run()
    for (a, (b, c)) in zip(one, zip(two, often)) {
      #expect(a.estimates == b.estimates)
      guard ![.testLoss, .testError].contains(a.observable) else { continue }
      #expect(a.estimates.last == c.estimates.last)
    }
  }
}
