import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Full-batch ridge gradient descent through the Marchenko-Pastur law. `[limit.spectral]`
struct SpectralSolution {
  let alpha: Double
  let variance: Double
  let decay: Double
  let rate: Double
  let start: Start

  private var overlap: Double { start.overlap[0][0] }
  private var spike: Double { (1 + variance) * (alpha + variance) }

  /// ∫dν f: the bulk by GSL quadrature in x = Δ(1 + α + 2√α cos θ), and the kernel of the data.
  private func bulk(_ f: (Double) -> Double) -> Double {
    let smooth = bulkIntegral(f)
    return smooth + max(1 - alpha, 0) * f(0)
  }

  /// ∫dν_v f: the measure seen from the signal direction, with its spike.
  private func signal(_ f: (Double) -> Double) -> Double {
    let smooth = bulkIntegral { x in
      variance * (1 + variance) / (spike - x) * f(x)
    }
    return smooth + variance * max(1 - alpha, 0) / (alpha + variance) * f(0)
      + max(alpha - variance * variance, 0) / (alpha + variance) * f(spike)
  }

  private func bulkIntegral(_ f: (Double) -> Double) -> Double {
    Integration.integral(from: 0, to: .pi, tolerance: 1e-12) { angle in
      let x = variance * (1 + alpha + 2 * alpha.squareRoot() * cos(angle))
      return 2 * variance * alpha * sin(angle) * sin(angle) / (.pi * x) * f(x)
    }
  }

  private var mode: RidgeMode { RidgeMode(decay: decay, rate: rate) }
  private func p(_ x: Double, _ t: Int) -> Double { mode.kept(x, t) }
  private func f(_ x: Double, _ t: Int) -> Double { mode.learned(x, t) }

  func magnetisation(_ t: Int) -> Double {
    signal { x in overlap * p(x, t) + x * f(x, t) / (1 + variance) }
  }

  func correlation(_ t: Int, _ s: Int) -> Double {
    let c = 1 / (1 + variance)
    let k = (alpha + variance) / (1 + variance)
    return start.variance * bulk { x in p(x, t) * p(x, s) }
      + signal { x in
        overlap * overlap * p(x, t) * p(x, s) + overlap * c * x
          * (p(x, t) * f(x, s) + p(x, s) * f(x, t)) + k * x * f(x, t) * f(x, s)
      }
  }

  func trainingLoss(_ t: Int) -> Double {
    let c = 1 / (1 + variance)
    let k = (alpha + variance) / (1 + variance)
    let sum =
      start.variance * bulk { x in x * p(x, t) * p(x, t) }
      + signal { x in
        x
          * (overlap * overlap * p(x, t) * p(x, t)
            + 2 * c * overlap * p(x, t) * (x * f(x, t) - 1) + k * f(x, t) * (x * f(x, t) - 2))
      }
    return 0.5 + sum / (2 * alpha)
  }

  /// R(t, s), s < t.
  func response(_ t: Int, _ s: Int) -> Double { -rate * bulk { p($0, t - s - 1) } }
}

@Suite("Exact limit: the spectrum of the data")
struct SpectralLimitTests {
  struct Setting: Sendable, CustomStringConvertible {
    let alpha: Double
    let variance: Double
    let decay: Double
    let overlap: Double
    var description: String { "alpha \(alpha), Delta \(variance), lambda \(decay), m0 \(overlap)" }
  }

  static let settings = [
    Setting(alpha: 2, variance: 0.5, decay: 0.1, overlap: 0),
    Setting(alpha: 0.5, variance: 0.5, decay: 0, overlap: 0.3),
    Setting(alpha: 0.4, variance: 1.2, decay: 0.2, overlap: -0.4),
    Setting(alpha: 3, variance: 0.3, decay: 0.05, overlap: 1),
  ]

  @Test("closed solver to 1e-8: m, C, R and training loss", arguments: settings)
  func closed(setting: Setting) throws {
    let start = Start(variance: 0.5, overlap: [[setting.overlap]])
    let problem = Problem(
      data: TwoClusters(variance: setting.variance), samplesPerWeight: setting.alpha,
      loss: SquareLoss(), weightDecay: setting.decay, start: start, learningRate: 0.15, steps: 40)
    let exact = SpectralSolution(
      alpha: setting.alpha, variance: setting.variance, decay: setting.decay, rate: 0.15,
      start: start)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    for step in [0, 1, 2, 7, 20, 40] {
      let m = try #require(solution.curve(.magnetisation).at(step: step))
      let loss = try #require(solution.curve(.trainingLoss).at(step: step))
      #expect(abs(m.value - exact.magnetisation(step)) < 1e-8)
      #expect(abs(loss.value - exact.trainingLoss(step)) < 1e-8)
      for earlier in [0, step / 2, step] {
        let c = kernels.correlation[step, earlier, 0, 0]
        #expect(abs(c - exact.correlation(step, earlier)) < 1e-8)
        guard earlier < step else { continue }
        let r = kernels.response[step, earlier, 0, 0]
        #expect(abs(r - exact.response(step, earlier)) < 1e-8)
      }
    }
  }
}
