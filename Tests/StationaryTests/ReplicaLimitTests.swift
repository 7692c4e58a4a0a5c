import LearningProblem
import MeanField
import Observables
import Stationary
import TestSupport
import Testing

/// Copies with mini-batches of their own forget all but what is frozen: their distance tends to
/// 2 [C(0) - C_inf]. `[replica.site]` `[stationary.weights]`
@Suite("Replicas at long times")
struct ReplicaLimitTests {
  @Test(
    "the distance is twice the fluctuation of the steady state",
    arguments: [
      IndependentMask(density: 0.5), PersistentMask(density: 0.4, correlation: 0.7),
    ] as [any Mask])
  func distance(mask: any Mask) throws {
    var problem = FastCases.square(sampleMask: mask)
    problem.steps = 30
    let state = try StationarySolver(problem).solve().states[0]
    // The bias of order T/N is removed by a second number of trajectories.
    let found = try [4000, 8000].map { trajectories in
      problem.theory = TheorySettings(trajectories: trajectories, batches: 8)
      let distance = try problem.replicated().theorySolver().solve().curve(.replicaDistance)
      return try #require(distance.estimates.last)
    }
    let limit = 2 * found[1].value - found[0].value
    let error =
      (4 * found[1].standardError * found[1].standardError
      + found[0].standardError * found[0].standardError).squareRoot()
    #expect(abs(limit - 2 * state.fluctuation) < 4 * error, "\(limit) ± \(error), \(found)")
    #expect(error < 0.03 * limit)
  }
}
