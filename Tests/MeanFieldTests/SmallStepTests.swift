import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

@Suite("Exact limit: steps of any size")
struct SmallStepTests {
  /// To first order in η every change is η t times that of the first step; the displacement of the
  /// weights is far below the rounding of their norm.
  @Test(
    "changes of small steps are proportional to them",
    arguments: [1e-5, 1e-6, 1e-7, 1e-8], [0.0, 0.1])
  func proportional(rate: Double, decay: Double) throws {
    func changes(_ rate: Double, _ sites: TheorySettings.Sites) throws -> [Double] {
      let setup = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: decay,
        start: Start(variance: 0.01), learningRate: rate, steps: 20,
        theory: TheorySettings(trajectories: 4000, batches: 2, sites: sites))
      let solution = try MeanFieldSolver(setup).solve()
      let observables: [Observable] = [
        .magnetisation(0, 0, single: true), .netChange, .absoluteChange,
      ]
      return try observables.map {
        let curve = try #require(solution.curves[$0])
        #expect(abs(curve.estimates[20].value / curve.estimates[1].value - 20) < 200 * rate + 2e-5)
        return curve.estimates[20].value / rate
      }
    }
    let small = try changes(rate, .auto)
    #expect(abs(small[1] / small[2] - 1) < 1e-8)
    for (value, reference) in zip(small, try changes(rate, .ensembleBoth)) {
      #expect(abs(value / reference - 1) < 5e-3)
    }
  }
}
