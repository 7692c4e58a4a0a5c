import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Exact consequences of the rule that need no second implementation.
@Suite struct OneStepTests {
  func problem(
    sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask(), eta: Double = 0.5,
    steps: Int = 1, scale: LearningRule.GradientScale = .sum, observeEvery: Int = 1
  ) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: SquareLoss(),
      start: Start(variance: 0), learningRate: eta, steps: steps, gradientScale: scale,
      sampleMask: sampleMask, weightMask: weightMask,
      training: TrainingSettings(dimension: 200, runs: 2, seed: 3, observeEvery: observeEvery))
  }

  /// From w = 0 the square loss has g = -y, so w(1) = η/√d Σ y x: m(1) = η Σ y x·v/d^{3/2}.
  @Test func firstStepIsTheHebbianSum() throws {
    let curves = try DirectTraining(problem()).run()
    var expected = 0.0
    for run in 0..<2 {
      let set = TrainingSet(RunPlan(problem(), dimension: 200, run: run))
      for (row, label) in set.labels.enumerated() {
        expected += 0.5 * label * dot(set.inputs[row].map { Double($0) }, set.signals[0]) / 2
      }
    }
    expected /= 200 * 200.0.squareRoot()
    #expect(abs(values(curves, .magnetisation(0, 0, single: true))[1] - expected) < 1e-5)
    #expect(expected > 0.5)
    #expect(values(curves, .trainingLoss)[0] == 0.5)
    #expect(values(curves, .trainingError)[0] == 0.5)
    let change = values(curves, .squaredChange)[1]
    #expect(abs(change - values(curves, .norm(0, 0, single: true))[1]) < 1e-12)
  }

  @Test func fullMaskWritesEveryWeightAtEveryStep() throws {
    let curves = try DirectTraining(problem(eta: 0.1, steps: 5)).run()
    #expect(values(curves, .writes) == [0, 1, 2, 3, 4, 5])
  }

  /// 200 weights x 2 runs: the drawn fraction is exactly repeated, and near its density.
  @Test func frozenMaskWritesTheSameFractionAtEveryStep() throws {
    let mask = FrozenMask(density: 0.3)
    let curves = try DirectTraining(problem(weightMask: mask, eta: 0.1, steps: 5)).run()
    let writes = values(curves, .writes)
    for step in 0...5 { #expect(abs(writes[step] - Double(step) * writes[1]) < 1e-12) }
    // 5 standard deviations: false alarm 6e-7.
    #expect(abs(writes[1] - 0.3) < 5 * (0.3 * 0.7 / 400).squareRoot())
  }

  /// With a vanishing learning rate an epoch adds up to one full-batch step, times σ = 1/b.
  @Test(arguments: [(LearningRule.GradientScale.sum, 1.0), (.mean, 4)])
  func epochAddsUpToFullBatch(_ scale: LearningRule.GradientScale, _ factor: Double) throws {
    let full = try DirectTraining(problem(eta: 1e-7)).run()
    let epoch = try DirectTraining(
      problem(sampleMask: EpochMask(epochSteps: 4), eta: 1e-7, steps: 4, scale: scale)
    ).run()
    let m = Observable.magnetisation(0, 0, single: true)
    #expect(abs(values(epoch, m)[4] / values(full, m)[1] - factor) < 1e-5)
    #expect(abs(values(epoch, m)[3] / values(full, m)[1] - factor) > 0.1)
  }

  static let forwardPasses: [(WeightNoise, Dropout, Int)] = [
    (WeightNoise(), Dropout(), 0), (WeightNoise(sigma: 0.5), Dropout(), 0),
    (WeightNoise(), Dropout(hidden: 0.4, inputs: 0.3), 0), (WeightNoise(), Dropout(), 2),
  ]

  /// Observation reads more rows but must not move the path: same bits, whatever is drawn. Test
  /// samples are drawn as far as observed weights look at them: the same law, in other numbers.
  /// `[observable.deferred]`
  @Test(arguments: forwardPasses.indices)
  func pathDoesNotDependOnObservation(_ index: Int) throws {
    let (noise, dropout, contrast) = Self.forwardPasses[index]
    let mask = IndependentMask(density: 0.3)
    func run(_ problem: Setup) throws -> [Curve] {
      var problem = problem
      if contrast > 0 {
        problem.network = Boltzmann(hidden: 1, variance: 0.5, contrastiveDivergence: contrast)
      }
      if dropout.hidden > 0 { problem.network = Committee(activation: .erf, readout: [1]) }
      problem.loss = problem.network.standardLoss
      problem.weightNoise = noise
      problem.dropout = dropout
      return try DirectTraining(problem).run()
    }
    let often = try run(problem(sampleMask: mask, eta: 0.1, steps: 9))
    let rarely = try run(problem(sampleMask: mask, eta: 0.1, steps: 9, observeEvery: 4))
    #expect(rarely[0].steps == [0, 4, 8, 9])
    let tested: Set<Observable> = [.testLoss, .testError, .testLogLikelihood]
    for curve in rarely {
      let same = often.first { $0.observable == curve.observable }
      for (step, estimate) in zip(curve.steps, curve.estimates) {
        guard tested.contains(curve.observable) else {
          #expect(same?.at(step: step) == estimate, "\(curve.observable) at \(step)")
          continue
        }
        // Two runs of 400 samples each way, all with losses of order 1: 6 standard errors of 1/20.
        let other = try #require(same?.at(step: step))
        #expect(abs(other.value - estimate.value) < 0.3, "\(curve.observable) at \(step)")
        #expect(step > 0 || other == estimate)
      }
    }
  }
}
