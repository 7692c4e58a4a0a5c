import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import Stationary
import TestSupport
import Testing

@Suite("Steady states of the square loss")
struct SquareLossTests {
  struct Case: Sendable, CustomStringConvertible {
    let description: String
    let problem: Setup
  }

  static let cases = [
    Case(
      description: "independent mini-batches",
      problem: FastCases.square(sampleMask: IndependentMask(density: 0.5))),
    Case(
      description: "persistent mini-batches, gradient as a mean",
      problem: FastCases.square(
        sampleMask: PersistentMask(density: 0.4, correlation: 0.7), gradientScale: .mean)),
    Case(
      description: "anticorrelated mini-batches",
      problem: FastCases.square(sampleMask: PersistentMask(density: 0.5, correlation: -0.4))),
    Case(
      description: "masks on weights",
      problem: FastCases.square(weightMask: IndependentMask(density: 0.6))),
    Case(
      description: "masks on both",
      problem: FastCases.square(
        sampleMask: PersistentMask(density: 0.5, correlation: 0.6),
        weightMask: IndependentMask(density: 0.5), steps: 300)),
    Case(
      description: "three clusters in two directions",
      problem: Setup(
        data: Mixture(clusters: [
          Cluster(probability: 0.5, centre: [1, 0.2], label: 1, variance: 0.4),
          Cluster(probability: 0.3, centre: [-1, 0], label: -1, variance: 0.4),
          Cluster(probability: 0.2, centre: [0, 1.5], label: -1, variance: 0.4),
        ]), samplesPerWeight: 2, loss: SquareLoss(), weightDecay: 0.8,
        start: Start(variance: 0.1, overlap: [[0, 0]]), learningRate: 0.3, steps: 200,
        sampleMask: PersistentMask(density: 0.5, correlation: 0.5),
        theory: TheorySettings(sites: .closed))),
  ]

  @Test("the march of chapter 4 ends there", arguments: cases)
  func endOfTheMarch(_ testCase: Case) throws {
    let problem = testCase.problem
    let march = try LateTimes(problem)
    let state = try #require(try StationarySolver(problem).solve().states.first)
    let lags = 40
    #expect(distance(state.correlation, march.kernel(\.correlation, lags: lags)) < 1e-8)
    #expect(distance(state.weights.response, march.kernel(\.response, lags: lags)) < 1e-8)
    #expect(
      distance(state.gradientCovariance, march.kernel(\.gradientCovariance, lags: lags)) < 1e-8)
    #expect(
      distance(state.gradients.response, march.kernel(\.gradientResponse, lags: lags)) < 1e-8)
    let directions = problem.signalDirections
    for p in 0..<directions {
      let overlap = march.last(.magnetisation(0, p, single: directions == 1)).value
      #expect(abs(state.weights.magnetisation[p] - overlap) < 1e-8)
    }
    #expect(abs(state.trainingLoss - march.last(.trainingLoss).value) < 1e-8)
    let squares = march.solution.curve(.squaredChange).estimates.map(\.value)
    #expect(
      abs(state.squaredChange - (squares[squares.count - 1] - squares[squares.count - 2])) < 1e-8)
    #expect(state.iterations < 60 && state.residual <= 1e-13)
  }

  @Test("spectra are not negative, and their means are the kernels at lag zero", arguments: cases)
  func spectra(_ testCase: Case) throws {
    let state = try #require(try StationarySolver(testCase.problem).solve().states.first)
    let spectra = StationarySpectra(state)
    let lags = state.lags
    #expect(spectra.frequencies.count == lags + 1 && spectra.frequencies[lags] == .pi)
    func mean(_ spectrum: [Double]) -> Double {
      (0.5 * (spectrum[0] + spectrum[lags]) + spectrum[1..<lags].reduce(0, +)) / Double(lags)
    }
    for (spectrum, kernel) in [
      (spectra.correlation, state.weights.correlation),
      (spectra.gradientCovariance, state.gradients.covariance),
    ] {
      let largest = spectrum.max() ?? 0
      #expect((spectrum.min() ?? 0) > -1e-9 * largest - 1e-12)
      #expect(abs(mean(spectrum) - kernel[0]) < 1e-12 * max(kernel[0], 1e-3))
    }
    // |R|² S and the noise of the mask make C: without one it is |R|² S alone.
    if testCase.problem.weightMask is FullMask {
      for k in stride(from: 0, through: lags, by: 7) {
        let product = spectra.response[k].squaredSize * spectra.gradientCovariance[k]
        #expect(abs(product - spectra.correlation[k]) < 1e-9)
      }
    }
  }

  @Test("clusters of different variance: nearly full batches are full batches")
  func variances() throws {
    func problem(_ mask: any Mask) -> Setup {
      Setup(
        data: Mixture(clusters: [
          Cluster(probability: 0.6, centre: [1, 0.2], label: 1, variance: 0.3),
          Cluster(probability: 0.4, centre: [-1, 0.5], label: -1, variance: 0.9),
        ]), samplesPerWeight: 2, loss: SquareLoss(), weightDecay: 0.5,
        start: Start(variance: 0.1, overlap: [[0, 0]]), learningRate: 0.2, steps: 10,
        sampleMask: mask)
    }
    let full = try StationarySolver(problem(FullMask())).solve().states[0]
    let nearly = try StationarySolver(problem(IndependentMask(density: 1 - 1e-9))).solve().states[0]
    #expect(distance(full.weights.magnetisation, nearly.weights.magnetisation) < 1e-8)
    #expect(abs(full.norm - nearly.norm) < 1e-8)
    #expect(abs(full.trainingLoss - nearly.trainingLoss) < 1e-8)
    #expect(distance(full.weights.response, nearly.weights.response) < 1e-8)
    #expect(distance(full.gradients.response, nearly.gradients.response) < 1e-8)
  }
}
