import Foundation
import LearningProblem
import Limits
import Observables
import TestSupport
import Testing

/// One-pass learning in the limit of small batches, and of small steps. `[online.flow]`
struct SmallBatchTests {
  /// Square loss: m relaxes exponentially, C to the value at which noise and decay balance.
  /// `[online.flow]`
  @Test func squareLossFlow() throws {
    var problem = OnePassCases.masked(SquareLoss(), steps: 60)
    let found = try OnePassCases.curves(problem, .singleSamples)
    let (batch, sigma, delta, p, eta) = (2.0, 2.5, 0.5, 0.5, 0.3)
    let rate = 0.1 + batch * (1 + delta)
    let target = batch / rate
    for (t, estimate) in found.named(.magnetisation).estimates.enumerated() {
      let exact = target + (0.2 - target) * exp(-eta * p * rate * Double(t))
      #expect(abs(estimate.value - exact) < 1e-8)
      #expect(estimate.standardError < 1e-6)
    }
    problem.steps = 400
    let last = try #require(
      try OnePassCases.curves(problem, .singleSamples).named(.norm).estimates.last)
    let noise = eta * sigma * delta * batch
    let balance =
      (2 * batch * (target - target * target) + noise * (target - 1) * (target - 1))
      / (2 * (0.1 + batch * delta) - noise * delta)
    #expect(abs(last.value - balance) < 1e-7)
  }

  /// A step cut into N batches, each with its share of the decay, is the flow up to O(1/N).
  @Test(arguments: [
    (Perceptron() as any Network, Start(variance: 0.1, overlap: [[0.1]])),
    (
      Committee(activation: .softplus, readout: [1, -0.5], readoutLearningRate: 0.3),
      Start(variance: 0.3, overlap: [[0.2], [-0.1]])
    ),
  ])
  func smallBatches(_ network: any Network, _ start: Start) throws {
    func problem(_ parts: Int) -> Setup {
      let network =
        network is Perceptron
        ? network
        : Committee(
          activation: .softplus, readout: [1, -0.5],
          readoutLearningRate: .constant(0.3 / Double(parts)))
      return Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2 / Double(parts), network: network,
        weightDecay: 0.1 / Double(parts), start: start, learningRate: 0.1, steps: 4 * parts,
        weightMask: IndependentMask(density: 0.7))
    }
    let flow = try OnePassCases.curves(problem(1), .singleSamples)
    let errors = try [2, 4, 8].map { parts in
      let batches = try OnePassCases.curves(problem(parts))
      return flow.filter { $0.observable != .testError }.map { curve in
        let end = batches.named(curve.observable).estimates.last?.value ?? .nan
        return abs(end - (curve.estimates.last?.value ?? .nan))
      }
    }
    for index in errors[0].indices {
      let orders = zip(errors, errors.dropFirst()).map { log2($0[index] / $1[index]) }
      #expect(orders.allSatisfy { abs($0 - 1) < 0.15 }, "\(orders)")
      #expect(errors[0][index] > 1e-5)
    }
  }

  /// η → 0 at fixed η t: gradient descent on the population loss, with either presentation.
  @Test func populationFlow() throws {
    func last(_ eta: Double, _ presentation: OnePass.Presentation) throws -> Double {
      let problem = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.1,
        start: Start(variance: 0.1), learningRate: eta, steps: Int((2 / eta).rounded()))
      return try #require(
        try OnePassCases.curves(problem, presentation).named(.testLoss).estimates.last
      ).value
    }
    let gaps = try [0.1, 0.05, 0.025].map { eta in
      (try last(eta, .batches), try last(eta, .singleSamples))
    }
    // Both tend to one limit linearly in η.
    let limits = [2 * gaps[2].0 - gaps[1].0, 2 * gaps[2].1 - gaps[1].1]
    #expect(abs(limits[0] - limits[1]) < 2e-4)
    #expect(abs(gaps[0].0 - gaps[0].1) > 1e-3)
  }
}
