import Foundation
import LearningProblem
import Stationary
import TestSupport
import Testing

@Suite("Effective temperature")
struct TemperatureTests {
  private func state(_ problem: Problem) throws -> StationaryState {
    try StationarySolver(problem).solve().states[0]
  }

  @Test("weights without memory: one temperature, by hand", arguments: [1.0, 0.4])
  func withoutMemory(_ weightDensity: Double) throws {
    let (delta, lambda, eta, b) = (1e-9, 0.8, 0.3, 0.4)
    let state = try state(
      FastCases.square(
        sampleMask: IndependentMask(density: b),
        weightMask: IndependentMask(density: weightDensity), learningRate: eta,
        weightDecay: lambda, variance: delta))
    // m = αb/(λ + αb), S = αΔ b(1-b)(1-m)²; [stationary.temperature]
    let overlap = 2 * b / (lambda + 2 * b)
    let noise = 2 * delta * b * (1 - b) * (1 - overlap) * (1 - overlap)
    #expect(abs(state.weights.magnetisation[0] - overlap) < 1e-8)
    let variance = eta * noise / (2 * lambda - eta * lambda * lambda)
    #expect(abs(state.fluctuation / variance - 1) < 1e-7)
    let temperature = lambda * variance
    for lag in [1, 2, 10] {
      #expect(abs(state.temperature[lag] / temperature - 1) < 1e-7)
      #expect(abs(state.fluctuationDissipationRatio[lag] - 1) < 1e-7)
      let decay = pow(1 - eta * weightDensity * lambda, Double(lag))
      #expect(abs(state.integratedResponse[lag] - (1 - decay) / lambda) < 1e-7)
      #expect(abs(state.weights.correlation[lag] / variance - decay) < 1e-7)
    }
    #expect(abs(state.shortTemperature / temperature - 1) < 1e-7)
    #expect(abs(state.longTemperature / temperature - 1) < 1e-7)
    #expect(abs(state.squaredChange / (2 * eta * weightDensity * temperature) - 1) < 1e-7)
    // Exponential decay with factor a: mean lag 1/(1-a), fluctuations for 1/2 + a/(1-a).
    let a = 1 - eta * weightDensity * lambda
    #expect(abs(state.responseSteps - 1 / (1 - a)) < 1e-6)
    #expect(abs(state.correlationSteps - (0.5 + a / (1 - a))) < 1e-6)
  }

  @Test("small steps: the temperature is proportional to the learning rate")
  func smallSteps() throws {
    let temperatures = try [0.04, 0.02, 0.01].map { eta in
      try state(
        FastCases.square(
          sampleMask: IndependentMask(density: 0.5), weightMask: IndependentMask(density: 0.5),
          learningRate: eta)
      ).longTemperature / eta
    }
    // T/η converges, with an error of first order in η.
    let ratio = (temperatures[0] - temperatures[1]) / (temperatures[1] - temperatures[2])
    #expect(abs(temperatures[2] / temperatures[1] - 1) < 0.02)
    #expect(abs(ratio - 2) < 0.1)
  }

  @Test("persistent mini-batches are hotter at long lags than at short ones")
  func persistent() throws {
    let state = try state(
      FastCases.square(sampleMask: PersistentMask(density: 0.5, correlation: 0.8)))
    #expect(state.longTemperature > 2 * state.shortTemperature)
    #expect(state.fluctuationDissipationRatio[1] == 1)
    for lag in [1, 4, 9] {
      let sum = -state.weights.response[1...lag].reduce(0, +)
      #expect(abs(state.integratedResponse[lag] - sum) < 1e-12)
      let moved = state.correlation[0] - state.correlation[lag]
      #expect(abs(state.displacement[lag] - moved) < 1e-12)
      #expect(abs(state.temperature[lag] - moved / sum) < 1e-10)
      let step = state.correlation[lag - 1] - state.correlation[lag]
      let ratio = -state.shortTemperature * state.weights.response[lag] / step
      #expect(abs(state.fluctuationDissipationRatio[lag] - ratio) < 1e-9)
    }
    #expect(state.temperature[0].isNaN && state.fluctuationDissipationRatio[0].isNaN)
  }
}
