import LearningProblem
import NumericalKit
import Observables
import Synchronization
import TestSupport
import Testing
import Training

/// Runs, threads and progress.
@Suite struct ParallelRunsTests {
  let problem = Setup(
    data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.1,
    start: Start(variance: 0.01), learningRate: 0.3, steps: 20,
    sampleMask: IndependentMask(density: 0.3), weightMask: IndependentMask(density: 0.5),
    weightNoise: WeightNoise(sigma: 0.2),
    training: TrainingSettings(dimension: 300, runs: 5, seed: 3))

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let one = try DirectTraining(problem, parallel: ParallelFor(threads: 1)).run()
    for threads in 2...3 {
      let many = try DirectTraining(problem, parallel: ParallelFor(threads: threads)).run()
      #expect(many.map(\.estimates) == one.map(\.estimates))
    }
  }

  @Test func seedsAndRunsDiffer() throws {
    var other = problem
    other.training.seed = 4
    let m = Observable.magnetisation(0, 0, single: true)
    let curves = try DirectTraining(problem).run()
    #expect(try values(curves, m) != values(DirectTraining(other).run(), m))
    let curve = try #require(curves.first { $0.observable == m })
    #expect(curve.estimates.allSatisfy { $0.standardError > 0 })
  }

  @Test func progressRisesToOne() throws {
    let seen = Reports()
    _ = try DirectTraining(problem, parallel: ParallelFor(threads: 2)).run(dimension: 50) {
      seen.add($0)
    }
    #expect(seen.all.count == 100)
    #expect(seen.all == seen.all.sorted())
    #expect(seen.all.last == 1)
  }

  /// The minimiser of the ridge loss at d → ∞, α = 2, Δ = 1/2, λ = 0.1. `[limit.static]`
  @Test func gradientDescentReachesTheMinimiser() throws {
    var limit = problem
    limit.sampleMask = FullMask()
    limit.weightMask = FullMask()
    limit.steps = 300
    limit.training = TrainingSettings(dimension: 800, runs: 12, seed: 9, observeEvery: 300)
    let curves = try DirectTraining(limit).run()
    let expected: [(Observable, Double)] = [
      (.magnetisation(0, 0, single: true), 1.66689), (.norm(0, 0, single: true), 3.91006),
      (.trainingLoss, 0.175196), (.testError, 0.116602),
    ]
    for (observable, value) in expected {
      let estimate = try #require(curves.first { $0.observable == observable }?.at(step: 300))
      // 12 runs: |t| > 5 has probability 4e-4.
      #expect(abs(estimate.value - value) < 5 * estimate.standardError, "\(observable)")
      #expect(estimate.standardError < 0.03 * value)
    }
  }

  final class Reports: Sendable {
    private let values = Mutex<[Double]>([])
    func add(_ value: Double) { values.withLock { $0.append(value) } }
    var all: [Double] { values.withLock { $0 } }
  }
}
