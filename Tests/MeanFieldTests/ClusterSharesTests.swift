import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

@Suite("Cluster shares that are not whole numbers of pairs")
struct ClusterSharesTests {
  /// 75 pairs of which the outer clusters hold 13.99 each: always rounded one way, every batch
  /// would have the same wrong shares, and an error bar of zero. `[sampling.shares]`
  @Test("are rounded without bias")
  func unbiased() throws {
    var problem = Cases.square(steps: 2)
    problem.data = ThreeClusters(variance: 0.2, outerProbability: 0.373)
    problem.start = Start(variance: 0.1, overlap: [[0.5]])
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 150, batches: 400, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      let a = exact.curve(observable).estimates[2]
      let b = sampled.curve(observable).estimates[2]
      #expect(abs(a.value - b.value) < 5 * b.standardError, "\(observable): \(a) against \(b)")
    }
  }
}
