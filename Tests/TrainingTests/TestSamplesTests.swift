import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Test loss and error of training are measured on fresh samples. `[observable.fresh]`
@Suite struct TestSamplesTests {
  static let settings = TrainingSettings(dimension: 60, runs: 3, seed: 7, observeEvery: 3)

  private static func problem(
    _ data: any DataModel = TwoClusters(variance: 0.5), network: any Network = Perceptron(),
    loss: (any Loss)? = nil, start: Start = Start(variance: 0.3, overlap: [[0.4]]),
    rate: Double = 0.2, samples: any Mask = FullMask(), noise: WeightNoise = WeightNoise(),
    dropout: Dropout = Dropout()
  ) -> Setup {
    Setup(
      data: data, samplesPerWeight: 2, network: network, loss: loss, weightDecay: 0.1,
      start: start, learningRate: rate, steps: 7, sampleMask: samples, weightNoise: noise,
      dropout: dropout, training: settings)
  }

  static let pair = Start(variance: 0.3, overlap: [[0.4], [-0.2]])

  static let problems: [(String, Setup)] = [
    ("mini-batches", problem(samples: IndependentMask(density: 0.4))),
    ("noisy weights", problem(noise: WeightNoise(sigma: 0.5))),
    ("noisy weights, teacher", problem(LinearTeacher(noise: 0.3), noise: WeightNoise(sigma: 0.5))),
    (
      "dropout, committee",
      problem(
        network: Committee(activation: .softplus, readout: [1, -1], readoutLearningRate: 0.2),
        start: pair, dropout: Dropout(hidden: 0.4, inputs: 0.3))
    ),
    ("machine", problem(network: Boltzmann(hidden: 2, variance: 0.5), start: pair)),
    (
      "sign teacher, softmax",
      problem(LinearTeacher(labels: .sign), network: Softmax(outputs: 2), start: pair)
    ),
    ("replicas", problem(samples: IndependentMask(density: 0.4)).replicated()),
    ("flow", problem().flowing(Flow(duration: 1.4, step: 0.2))),
  ]

  private static let testNames: Set<Observable> = [.testLoss, .testError, .testLogLikelihood]

  /// What is learned, and all else that is measured, keeps its bits whatever tests it.
  @Test(arguments: problems.indices)
  func nothingElseDependsOnThem(_ index: Int) throws {
    var problem = Self.problems[index].1
    func curves(_ count: Int?, _ everyStep: Bool = false) throws -> [[Curve]] {
      problem.training.testSamples = count
      let trained = try DirectTraining(problem).run()
      guard problem.dropout.isNone, problem.copies == 1, problem.timing.flow == nil else {
        return [trained]
      }
      return [trained, try OnlineTraining(problem).run()]
    }
    let standard = try curves(nil)
    for count in [0, 1, 500] {
      for (found, expected) in zip(try curves(count), standard) {
        let names = Set(expected.map(\.observable))
        #expect(names.isDisjoint(with: Self.testNames) == false)
        let kept = names.subtracting(count == 0 ? Self.testNames : [])
        #expect(Set(found.map(\.observable)) == kept)
        for curve in found where !Self.testNames.contains(curve.observable) {
          #expect(
            curve.estimates == expected.first { $0.observable == curve.observable }?.estimates,
            "\(curve.observable) with \(count) test samples")
        }
      }
    }
    // As many as samples to learn from, unless said otherwise.
    for (found, expected) in zip(try curves(120), standard) {
      #expect(found.map(\.estimates) == expected.map(\.estimates))
    }
  }

  /// The same samples at all steps: where weights do not move, nor does what is measured on them.
  @Test(arguments: [0.0, 0.5])
  func theyStayTheSame(_ sigma: Double) throws {
    var problem = Self.problem(rate: 1e-9, noise: WeightNoise(sigma: sigma))
    problem.training.observeEvery = 1
    for recording in try DirectTraining(problem).recordings() {
      let losses = recording.values(.testLoss).map(\.value)
      let errors = recording.values(.testError).map(\.value)
      if sigma == 0 {
        #expect(losses.allSatisfy { abs($0 - losses[0]) < 1e-6 } && Set(errors).count == 1)
      } else {  // every pass has a noise of its own
        #expect(Set(losses).count == losses.count)
      }
    }
  }

  /// At given (m, C) the test errors of runs scatter like means of n' samples each; samples that
  /// runs share, or a mean over another number of them, would scatter less or more.
  @Test(arguments: [40, 160])
  func runsHaveSamplesOfTheirOwn(_ count: Int) throws {
    var problem = Self.problem(start: Start(variance: 0, overlap: [[0.7]]))
    problem.steps = 1
    problem.training = TrainingSettings(
      dimension: 2000, runs: 300, seed: 8, testSamples: count)
    problem.samplesPerWeight = 0.01
    let errors = try DirectTraining(problem).recordings().map { $0.values(.testError)[0].value }
    let (mean, runs) = (errors.reduce(0, +) / 300, 300.0)
    let variance = errors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (runs - 1)
    // P(v·x > 0) of one cluster: the field is m (1 + N(0, 1/2)).
    let error = NormalDistribution.cumulative(-2.0.squareRoot())
    let expected = error * (1 - error) / Double(count)
    #expect(abs(mean - error) < 5 * (expected / runs).squareRoot())
    // A variance from 300 values is known to 8 %; 5 standard errors.
    #expect(abs(variance / expected - 1) < 5 * (2.2 / runs).squareRoot())
  }

  /// They are not the samples that are learned: these are separable here and soon all right, of
  /// others every third is wrong; and at the start the two errors are independent.
  @Test func theyAreNotTheTrainingSamples() throws {
    var problem = Self.problem(loss: LogisticLoss(), start: Start(variance: 0.1), rate: 1)
    problem.samplesPerWeight = 0.5
    problem.steps = 60
    problem.training.dimension = 200
    problem.training.runs = 40
    let recordings = try DirectTraining(problem).recordings()
    let last = recordings.map { ($0.values(.trainingError).last, $0.values(.testError).last) }
    #expect(last.allSatisfy { ($0.0?.value ?? 1) < 0.02 && ($0.1?.value ?? 0) > 0.05 })
  }

  /// A readout that is learned is tested as it is, not as it was at the start.
  @Test func theReadoutIsThatOfTheStep() throws {
    var problem = Self.problem(
      network: Committee(activation: .erf, readout: [-1], readoutLearningRate: 0.5),
      start: Start(variance: 0.1, overlap: [[1]]), rate: 1e-9)
    problem.steps = 40
    problem.training.dimension = 500
    let curves = try DirectTraining(problem).run()
    let (test, training) = (values(curves, .testLoss), values(curves, .trainingLoss))
    let (first, last) = (try #require(training.first), try #require(training.last))
    #expect(first - last > 0.3)
    #expect(abs((try #require(test.last)) - last) < 0.1 && abs(test[0] - first) < 0.1)
  }

  /// Noise of the weights is as large as the very sample, its centre and what is known of it
  /// included, in two dimensions, where that counts: rows say the same, run by run.
  @Test func noiseKnowsTheLengthOfASample() throws {
    var problem = Self.problem(
      TwoClusters(variance: 1), network: Committee(activation: .quadratic, readout: [0.5]),
      loss: SquareLoss(), start: Start(variance: 0, overlap: [[1.5]]),
      rate: 1e-9, noise: WeightNoise(sigma: 1))
    problem.steps = 1
    problem.samplesPerWeight = 100
    problem.training = TrainingSettings(dimension: 2, runs: 2000, seed: 4)
    let recordings = try DirectTraining(problem).recordings()
    for (test, training) in [
      (Observable.testLoss, Observable.trainingLoss), (.testError, .trainingError),
    ] {
      let differences = recordings.map {
        $0.values(test)[0].value - $0.values(training)[0].value
      }
      let mean = Estimate(mean: differences)
      #expect(abs(mean.value) < 5 * mean.standardError, "\(test): \(mean)")
    }
  }

  @Test func tooManyAreRefused() throws {
    var problem = Self.problem()
    problem.training.testSamples = 1 << 50
    #expect(throws: SolverError.self) { try DirectTraining(problem).run() }
  }
}
