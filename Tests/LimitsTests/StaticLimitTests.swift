import Foundation
import LearningProblem
import Limits
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Static limit: the regularised minimiser")
struct StaticLimitTests {
  /// Numbers of `theory/10-static.md`, from an independent prototype.
  struct Published: Sendable, CustomStringConvertible {
    let loss: Int
    let isThree: Bool
    let m: Double
    let norm: Double
    let trainingLoss: Double
    let trainingError: Double?
    let testError: Double
    var description: String { "\(StaticCases.losses[loss].kind), three clusters: \(isThree)" }
  }

  @Test(
    "published numbers",
    arguments: [
      Published(
        loss: 0, isThree: false, m: 1.666886, norm: 3.910060, trainingLoss: 0.1751964,
        trainingError: nil, testError: 0.1166022),
      Published(
        loss: 1, isThree: false, m: 0.6300868, norm: 0.7786570, trainingLoss: 0.0867293,
        trainingError: nil, testError: 0.1562917),
      Published(
        loss: 2, isThree: false, m: 1.3274664, norm: 3.3322632, trainingLoss: 0.0358329,
        trainingError: 0.0107694, testError: 0.1518771),
      Published(
        loss: 0, isThree: true, m: 0, norm: 1.2280778, trainingLoss: 0.5695823,
        trainingError: 0.2546478, testError: 0.5),
    ])
  func published(_ known: Published) throws {
    let found =
      known.isThree
      ? try StaticCases.solve(ThreeClusters(variance: 0.3), alpha: 3, decay: 0.2)
      : try StaticCases.solve(loss: StaticCases.losses[known.loss])
    #expect(found.regime == .regularised && found.residual < 1e-11)
    #expect(abs(found.overlaps[0] - known.m) < 6e-7)
    #expect(abs(found.norm - known.norm) < 6e-7)
    #expect(abs(found.trainingLoss - known.trainingLoss) < 6e-8)
    #expect(abs(found.testError - known.testError) < 6e-8)
    if let error = known.trainingError { #expect(abs(found.trainingError - error) < 6e-8) }
    if known.loss == 0, !known.isThree { #expect(abs(found.response - 5.529789) < 6e-7) }
  }

  /// Data, number of samples and decay, for any loss.
  struct Setting: Sendable, CustomStringConvertible {
    let data: any DataModel
    let alpha: Double
    let decay: Double
    var description: String { "\(data.kind), alpha \(alpha), lambda \(decay)" }
  }

  static let settings = [
    Setting(data: TwoClusters(variance: 0.5), alpha: 2, decay: 0.1),
    Setting(data: TwoClusters(variance: 3), alpha: 0.3, decay: 1e-3),
    Setting(data: TwoClusters(variance: 0.5), alpha: 20, decay: 1e-6),
    Setting(data: TwoClusters(variance: 1), alpha: 4, decay: 300),
    Setting(data: TwoClusters(variance: 0.5), alpha: 2, decay: 1e-6),
    Setting(data: ThreeClusters(variance: 0.3, outerProbability: 0.6), alpha: 3, decay: 0.2),
    Setting(data: Xor(separation: 1, variance: 0.5), alpha: 1.5, decay: 0.05),
    Setting(data: StaticCases.mixture, alpha: 1.5, decay: 0.02),
    Setting(  // opposite centres and labels, so one law, but for the variance
      data: Mixture(clusters: [
        Cluster(probability: 0.4, centre: [1], label: 1, variance: 0.3),
        Cluster(probability: 0.6, centre: [-1], label: -1, variance: 1),
      ]), alpha: 2, decay: 0.1),
  ]

  /// `[limit.static]` itself, in fields and clusters as they are, by other means. It checks what
  /// stands behind `[static.equations]`: `[static.proximal]`, `[static.field]`, `[static.panels]`.
  @Test("equations hold when averaged by brute force", arguments: settings, [0, 1, 2])
  func equations(setting: Setting, loss: Int) throws {
    let problem = StaticCases.problem(
      setting.data, alpha: setting.alpha, loss: StaticCases.losses[loss], decay: setting.decay)
    let found = try StaticSolver(problem).solve()
    let naive = NaiveAverages(problem, at: found)
    let (alpha, r) = (setting.alpha, found.response)
    #expect(abs(r * (alpha * naive.curvature - found.curvature)) < 1e-8)
    #expect(abs(r * (setting.decay + found.curvature) - 1) < 1e-10)
    var square = alpha * naive.squares
    for (m, signal) in zip(found.overlaps, naive.signal) {
      #expect(abs(m + alpha * signal * r) < 1e-8 * found.norm.squareRoot())
      square += pow(alpha * signal, 2)
    }
    #expect(abs(square * r * r / found.norm - 1) < 1e-8)
    #expect(abs(found.trainingLoss - naive.trainingLoss) < 1e-9)
    #expect(abs(found.trainingError - naive.trainingError) < 1e-8)
    #expect(abs(found.testLoss / naive.testLoss - 1) < 1e-9)
    for (m, alignment) in zip(found.overlaps, found.alignments) {
      #expect(abs(alignment - m / found.norm.squareRoot()) < 1e-13)
    }
  }

  /// At the minimum ∂(cost)/∂λ is C/2, whatever the weights do. `[static.cost]`
  @Test("cost answers a change of the decay", arguments: [0, 1, 2])
  func envelope(loss: Int) throws {
    func minimiser(_ decay: Double) throws -> StaticMinimiser {
      try StaticCases.solve(StaticCases.mixture, loss: StaticCases.losses[loss], decay: decay)
    }
    let step = 1e-4
    let slope = try (minimiser(0.1 + step).cost - minimiser(0.1 - step).cost) / (2 * step)
    let half = try 0.5 * minimiser(0.1).norm
    #expect(abs(slope / half - 1) < 1e-5)
  }

  struct Ridge: Sendable, CustomStringConvertible {
    let alpha: Double
    let variance: Double
    let decay: Double
    var description: String { "alpha \(alpha), Delta \(variance), lambda \(decay)" }
  }

  /// Gradient descent through the spectrum of the data, after so many steps that nothing moves;
  /// λ = 0 included. `[limit.spectral]` `[static.interpolation]`
  @Test(
    "square loss: the spectrum of the data at t -> infinity",
    arguments: [
      Ridge(alpha: 2, variance: 0.5, decay: 0.1), Ridge(alpha: 0.4, variance: 1.2, decay: 0.2),
      Ridge(alpha: 3, variance: 0.3, decay: 1e-2), Ridge(alpha: 4, variance: 0.5, decay: 0),
      Ridge(alpha: 0.3, variance: 0.5, decay: 0), Ridge(alpha: 0.2, variance: 2, decay: 0),
    ])
  func spectrum(ridge: Ridge) throws {
    let exact = SpectralSolution(
      alpha: ridge.alpha, variance: ridge.variance, decay: ridge.decay, rate: 0.05,
      start: Start(variance: 0))
    let found = try StaticCases.solve(
      TwoClusters(variance: ridge.variance), alpha: ridge.alpha, loss: SquareLoss(),
      decay: ridge.decay)
    let late = 100_000
    #expect(abs(found.overlaps[0] - exact.magnetisation(late)) < 1e-9)
    #expect(abs(found.norm - exact.correlation(late, late)) < 1e-9)
    #expect(abs(found.trainingLoss - exact.trainingLoss(late)) < 1e-9)
  }

  /// The closed march, in time, runs into the minimiser: m, C, losses, error, R̂ and χ̂.
  @Test("square loss: the march at late times")
  func march() throws {
    let problem = Cases.square(steps: 400)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let found = try StaticSolver(problem).solve()
    func last(_ observable: Observable) throws -> Double {
      try #require(solution.curve(observable).at(step: 400)).value
    }
    #expect(abs(try last(.magnetisation) - found.overlaps[0]) < 1e-8)
    #expect(abs(try last(.norm) - found.norm) < 1e-8)
    #expect(abs(try last(.trainingLoss) - found.trainingLoss) < 1e-8)
    #expect(abs(try last(.testLoss) - found.testLoss) < 1e-8)
    #expect(abs(try last(.testError) - found.testError) < 1e-8)
    let kernels = try #require(solution.kernels)
    let response = (0..<400).reduce(0.0) { $0 + kernels.response[400, $1, 0, 0] }
    let curvature = (0..<400).reduce(0.0) { $0 + kernels.gradientResponse[399, $1, 0, 0] }
    #expect(abs(response + found.response) < 1e-7)
    #expect(abs(curvature - found.curvature) < 1e-7)
  }

  /// Turning the directions v_p and exchanging the labels turns m and nothing else.
  @Test("directions are arbitrary")
  func rotation() throws {
    let (c, s) = (cos(0.7), sin(0.7))
    let turned = Mixture(
      clusters: StaticCases.mixture.clusters.map {
        Cluster(
          probability: $0.probability,
          centre: [c * $0.centre[0] - s * $0.centre[1], s * $0.centre[0] + c * $0.centre[1]],
          label: -$0.label, variance: $0.variance)
      })
    let one = try StaticCases.solve(StaticCases.mixture)
    let other = try StaticCases.solve(turned)
    #expect(abs(one.norm - other.norm) < 1e-9 && abs(one.testError - other.testError) < 1e-9)
    #expect(abs(c * one.overlaps[0] - s * one.overlaps[1] + other.overlaps[0]) < 1e-9)
    #expect(abs(s * one.overlaps[0] + c * one.overlaps[1] + other.overlaps[1]) < 1e-9)
  }

  @Test("every corner of the range converges", arguments: [0, 1, 2], [1e-8, 1e-3, 1e4])
  func range(loss: Int, decay: Double) throws {
    for alpha in [0.01, 1, 6.5, 100] {
      for variance in [0.01, 1, 100] {
        let found = try StaticCases.solve(
          TwoClusters(variance: variance), alpha: alpha, loss: StaticCases.losses[loss],
          decay: decay)
        #expect(found.residual < 1e-11 && found.norm.isFinite)
      }
    }
  }

  @Test("where the search begins does not matter")
  func neighbours() throws {
    var last: StaticMinimiser?
    for decay in [10, 0.3, 1e-4, 2] {
      let solver = try StaticSolver(StaticCases.problem(StaticCases.mixture, decay: decay))
      let (warm, cold) = (try solver.solve(near: last), try solver.solve())
      #expect(abs(warm.norm / cold.norm - 1) < 1e-9)
      #expect(abs(warm.overlaps[0] - cold.overlaps[0]) < 1e-9 * (1 + abs(cold.overlaps[0])))
      last = warm
    }
  }
}
