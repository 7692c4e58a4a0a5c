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
    problem.steps = 60
    problem.theory = TheorySettings(trajectories: 4000, batches: 4)
    let state = try StationarySolver(problem).solve().states[0]
    let distance = try problem.replicated().theorySolver().solve().curve(.replicaDistance)
    let last = try #require(distance.estimates.last)
    #expect(
      abs(last.value - 2 * state.fluctuation) < 4.5 * last.standardError,
      "\(last), \(state.fluctuation)")
    #expect(last.standardError < 0.1 * last.value)
  }
}
