import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Exact limit: the first step by hand")
struct FirstStepTests {
  /// α 2, Δ .5, λ .1, η .3, b .4 (mean), p .5, R0 .5, m0 .2. `[limit.step]`
  private func problem(_ loss: any Loss, sites: TheorySettings.Sites) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.2]]), learningRate: 0.3, steps: 1,
      gradientScale: .mean, sampleMask: IndependentMask(density: 0.4),
      weightMask: IndependentMask(density: 0.5),
      theory: TheorySettings(trajectories: 20000, batches: 16, sites: sites))
  }

  @Test(
    "square loss: every kernel",
    arguments: [TheorySettings.Sites.auto, .closed, .ensemble])
  func square(sites: TheorySettings.Sites) throws {
    let solution = try MeanFieldSolver(problem(SquareLoss(), sites: sites), keepKernels: true)
      .solve()
    let kernels = try #require(solution.kernels)
    // Sampled or not, the noise enters quadratically and is orthonormal: no spread, but rounding
    // of histories kept as Floats.
    let rounding = sites != .ensemble ? 1e-12 : 1e-6
    #expect(abs(kernels.gradientCovariance[0, 0, 0, 0] - 2.275) < rounding)
    #expect(abs(kernels.gradientResponse[0, 0, 0, 0] - 1) < rounding)
    let m = solution.curve(.magnetisation).estimates[1].value
    #expect(abs(m - 0.407) < rounding)
    #expect(abs(kernels.correlation[1, 0, 0, 0] - 0.4989) < rounding)
    #expect(abs(kernels.correlation[1, 1, 0, 0] - 0.673098) < 5e-7 + rounding)
    #expect(kernels.response[1, 0, 0, 0] == -0.15)
  }

  @Test("logistic loss, sampled")
  func logistic() throws {
    let solution = try MeanFieldSolver(
      problem(LogisticLoss(), sites: .auto), keepKernels: true
    ).solve()
    let kernels = try #require(solution.kernels)
    let errors = try #require(solution.kernelErrors)
    let m = solution.curve(.magnetisation).estimates[1]
    #expect(abs(m.value - 0.3259436136) < 1e-9 + 5 * m.standardError)
    #expect(
      abs(kernels.correlation[1, 0, 0, 0] - 0.5402070593)
        < 1e-9 + 5 * errors.correlation[1, 0, 0, 0])
    #expect(
      abs(kernels.correlation[1, 1, 0, 0] - 0.5993876496)
        < 1e-9 + 5 * errors.correlation[1, 1, 0, 0])
    #expect(m.standardError < 1e-5)
  }
}
