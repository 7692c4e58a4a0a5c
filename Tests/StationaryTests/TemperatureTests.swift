import Foundation
import LearningProblem
import Stationary
import TestSupport
import Testing

@Suite("Effective temperature")
struct TemperatureTests {
  private func state(_ problem: Setup) throws -> StationaryState {
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

  /// Without memory a weight is w(t+1) = a w(t) - η u(t), a = 1 - ηλ, pushed by noise of covariance
  /// N r^τ that goes on for many steps. `[mask.persistent]` `[stationary.temperature]`
  @Test("persistent mini-batches: the temperature of a push that lasts, by hand")
  func persistent() throws {
    let (delta, lambda, eta, b, r) = (1e-9, 0.8, 0.3, 0.4, 0.7)
    let state = try state(
      FastCases.square(
        sampleMask: PersistentMask(density: b, correlation: r), learningRate: eta,
        weightDecay: lambda, variance: delta))
    let overlap = 2 * b / (lambda + 2 * b)
    let noise = 2 * delta * b * (1 - b) * (1 - overlap) * (1 - overlap)
    let a = 1 - eta * lambda
    // E[w(t) u(t)] = -η N (r + a r² + ...), and C(0) = a² C(0) - 2 η a E[w u] + η² N.
    let pushed = -eta * noise * r / (1 - a * r)
    var correlation = [(eta * eta * noise - 2 * eta * a * pushed) / (1 - a * a)]
    for lag in 0..<12 {
      correlation.append(a * correlation[lag] - eta * pow(r, Double(lag)) * pushed)
    }
    let variance = correlation[0]
    let short = (variance - correlation[1]) / eta
    for lag in 1...12 {
      let follows = (1 - pow(a, Double(lag))) / lambda
      let moved = variance - correlation[lag]
      #expect(abs(state.integratedResponse[lag] - follows) < 1e-7)
      #expect(abs(state.displacement[lag] / moved - 1) < 1e-6)
      #expect(abs(state.temperature[lag] / (moved / follows) - 1) < 1e-6)
      let step = correlation[lag - 1] - correlation[lag]
      let ratio = short * eta * pow(a, Double(lag - 1)) / step
      #expect(abs(state.fluctuationDissipationRatio[lag] / ratio - 1) < 1e-6, "lag \(lag)")
    }
    #expect(abs(state.shortTemperature / short - 1) < 1e-6)
    #expect(abs(state.longTemperature / (lambda * variance) - 1) < 1e-6)
    // Hotter at long lags than at short ones: 5.1 times.
    #expect(abs(state.longTemperature / state.shortTemperature - 5.1067) < 1e-4)
    #expect(state.temperature[0].isNaN && state.fluctuationDissipationRatio[0].isNaN)
  }
}
