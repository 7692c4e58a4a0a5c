import LearningProblem
import Limits
import Observables
import TestSupport

/// What the tests of one-pass learning share.
enum OnePassCases {
  /// The case of `[limit.step]`: λ 0.1, η 0.3, b 0.4, σ 2.5, p 0.5, R0 0.5, m0 0.2.
  static func masked(_ loss: any Loss, steps: Int = 1, noise: Double = 0) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.2]]), learningRate: 0.3, steps: steps,
      gradientScale: .mean, sampleMask: IndependentMask(density: 0.4),
      weightMask: IndependentMask(density: 0.5), weightNoise: WeightNoise(sigma: noise))
  }

  static func curves(
    _ problem: Setup, _ presentation: OnePass.Presentation = .batches
  ) throws -> [Curve] {
    try OnePass(problem).solve(presentation)
  }

  static func distance(_ a: Curve, _ b: Curve) -> Double {
    zip(a.estimates, b.estimates).map { abs($0.value - $1.value) }.max() ?? .infinity
  }
}
