import Foundation
import LearningProblem
import MeanField
import Observables
import Stationary
import TestSupport
import Testing

@Suite("Full batches end at the minimum")
struct FullBatchTests {
  private func state(_ problem: Setup) throws -> StationaryState {
    let solution = try StationarySolver(problem).solve()
    #expect(!solution.fluctuates && solution.isExact)
    return solution.states[0]
  }

  /// Gaussian tail probability.
  private func below(_ x: Double) -> Double { 0.5 * erfc(-x / 2.0.squareRoot()) }

  @Test("square loss: the numbers of theory/7-limits.md, with any weight mask")
  func square() throws {
    for mask: any WeightMask in [FullMask(), IndependentMask(density: 0.3)] {
      let state = try state(Cases.square(steps: 10, weightMask: mask))
      #expect(abs(state.weights.magnetisation[0] - 0.6300868) < 5e-8)
      #expect(abs(state.norm - 0.7786570) < 5e-8)
      #expect(abs(state.trainingLoss - 0.0867293) < 5e-8)
      // h < 0 where the frozen field is below -ΔR: linear, so exact by hand.
      let pull = 0.5 * (state.integratedResponse.last ?? .nan)
      let deviation = (0.5 * state.norm).squareRoot()
      let error = below(-(state.weights.magnetisation[0] + pull) / deviation)
      #expect(abs((state.trainingError ?? .nan) - error) < 1e-12)
    }
  }

  @Test("logistic loss: the numbers of theory/7-limits.md")
  func logistic() throws {
    let state = try state(Cases.logistic(steps: 10))
    #expect(abs(state.weights.magnetisation[0] - 1.666886) < 1e-6)
    #expect(abs(state.norm - 3.910060) < 1e-6)
    #expect(abs((state.integratedResponse.last ?? .nan) - 5.529789) < 1e-6)
    #expect(abs(state.trainingLoss - 0.1751964) < 1e-7)
    let test = TestQuantities(Cases.logistic(steps: 10)).evaluate(
      overlaps: [state.weights.magnetisation], covariance: [state.norm])
    #expect(abs(test.error.value - 0.1166022) < 1e-7)
    let pull = 0.5 * (state.integratedResponse.last ?? .nan)
    let deviation = (0.5 * state.norm).squareRoot()
    let error = below(-(state.weights.magnetisation[0] + 0.5 * pull) / deviation)
    #expect(abs((state.trainingError ?? .nan) - error) < 1e-12)
  }

  @Test("the response of the minimiser obeys the law of Marchenko and Pastur")
  func response() throws {
    let problem = Cases.square(steps: 60)
    let march = try LateTimes(problem)
    let state = try state(problem)
    // Full batches of the square loss respond in the same way at all times. [limit.spectral]
    let lags = 50
    #expect(distance(state.weights.response, march.kernel(\.response, lags: lags)) < 1e-10)
  }

  @Test("sampled data points agree with the quadrature, and do not move")
  func sampled() throws {
    let exact = try state(FastCases.logistic(sampleMask: FullMask()))
    let sampled = try StationarySolver(FastCases.logistic(sampleMask: FullMask(), sites: .ensemble))
      .solve()
    #expect(!sampled.isExact && !sampled.fluctuates)
    for quantity: (StationaryState) -> Double in [
      { $0.weights.magnetisation[0] }, { $0.norm }, { $0.trainingLoss },
      { $0.weights.response[5] }, { $0.gradients.response[0] }, { $0.gradients.response[2] },
    ] {
      #expect(abs(sampled.estimate(quantity).value - quantity(exact)) < 3e-4 * abs(quantity(exact)))
    }
  }
}
