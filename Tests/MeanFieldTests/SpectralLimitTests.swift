import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

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

  /// Two moments each, the second of trace XᵀX/d and of vᵀ (XᵀX/d) v.
  @Test("the measures have mass one and the means of the data", arguments: settings)
  func measures(setting: Setting) {
    let (alpha, delta) = (setting.alpha, setting.variance)
    let spectrum = DataSpectrum(alpha: alpha, variance: delta)
    #expect(abs(spectrum.bulk { _ in 1 } - 1) < 1e-12)
    #expect(abs(spectrum.signal { _ in 1 } - 1) < 1e-12)
    #expect(abs(spectrum.bulk { $0 } - alpha * delta) < 1e-12)
    #expect(abs(spectrum.signal { $0 } - alpha * (1 + delta)) < 1e-12)
  }

  @Test("closed solver to 1e-8: m, C, R and training loss", arguments: settings)
  func closed(setting: Setting) throws {
    let start = Start(variance: 0.5, overlap: [[setting.overlap]])
    let problem = Setup(
      data: TwoClusters(variance: setting.variance), samplesPerWeight: setting.alpha,
      loss: SquareLoss(), weightDecay: setting.decay, start: start, learningRate: 0.15, steps: 40)
    let exact = SpectralSolution(
      alpha: setting.alpha, variance: setting.variance, decay: setting.decay, rate: 0.15,
      start: start)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    try exact.expectEqual(solution, at: [0, 1, 2, 7, 20, 40])
  }
}
