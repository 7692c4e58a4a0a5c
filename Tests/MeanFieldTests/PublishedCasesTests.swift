import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

@Suite("Published cases: two clusters of Mignacco et al. 2020")
struct PublishedCasesTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let mask: any Mask
    let testErrors: [Double]  // at steps 10, 25, 50, 79
  }

  static let cases = [
    Case(
      description: "gradient descent", mask: FullMask(),
      testErrors: [0.1051, 0.1091, 0.1148, 0.1195]),
    Case(
      description: "independent mini-batches", mask: IndependentMask(density: 0.3),
      testErrors: [0.1110, 0.1068, 0.1077, 0.1097]),
    Case(
      description: "persistent mini-batches, tau = 1",
      mask: PersistentMask(density: 0.3, correlation: 1 - 0.2 / 0.3),
      testErrors: [0.1150, 0.1086, 0.1085, 0.1102]),
  ]

  @Test("test error within .0005", arguments: cases)
  func testError(published: Case) throws {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.01),
      learningRate: 0.2, steps: 79, sampleMask: published.mask,
      theory: TheorySettings(trajectories: 2000, batches: 4))
    let curve = try MeanFieldSolver(problem).solve().curve(.testError)
    for (step, expected) in zip([10, 25, 50, 79], published.testErrors) {
      let found = try #require(curve.at(step: step))
      #expect(abs(found.value - expected) < 0.0005, "step \(step): \(found) against \(expected)")
    }
  }
}
