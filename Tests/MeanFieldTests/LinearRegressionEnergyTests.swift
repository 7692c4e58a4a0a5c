import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

/// Full-batch linear regression, α 2, label noise .3, from w = 0: energy to reach |w - v|²/d = .15.
///
/// The reference is one simulation at d = 2000 (energy.md), with gradients divided by n/d: its rate
/// .05 and threshold .3 are .025 and .6 here.
@Suite("Energy of learning rules: linear regression")
struct LinearRegressionEnergyTests {
  private struct Energy {
    var writes: Double
    var absoluteChange: Double
  }

  private func energy(_ rule: any UpdateRule, mask: any WeightMask, steps: Int) throws -> Energy {
    var problem = Setup(
      data: LinearTeacher(noise: 0.3), samplesPerWeight: 2, loss: SquareLoss(),
      start: Start(variance: 0), learningRate: 0.025, steps: steps, weightMask: mask, update: rule,
      theory: TheorySettings(trajectories: 2000, batches: 2))
    if !(rule is PlainUpdate) { problem.theory.sampling.trajectories = 4000 }
    let solution = try MeanFieldSolver(problem).solve()
    // E(h - y)²/2 = (|w - v|²/d + .09)/2.
    let loss = solution.curve(.testLoss).estimates.map(\.value)
    let after = try #require(loss.firstIndex { $0 <= 0.12 })
    let part = (loss[after - 1] - 0.12) / (loss[after - 1] - loss[after])
    func interpolated(_ observable: Observable) -> Double {
      let values = solution.curve(observable).estimates.map(\.value)
      return values[after - 1] + part * (values[after] - values[after - 1])
    }
    return Energy(
      writes: interpolated(.writes), absoluteChange: interpolated(.absoluteChange))
  }

  @Test("random masks save nothing, competition halves the writes, clipping costs more")
  func rules() throws {
    let plain = try energy(PlainUpdate(), mask: FullMask(), steps: 60)
    let masked = try energy(PlainUpdate(), mask: IndependentMask(density: 0.1), steps: 500)
    let top = try energy(TopFractionUpdate(fraction: 0.1), mask: FullMask(), steps: 240)
    let clip = try energy(ClipUpdate(threshold: 0.6), mask: FullMask(), steps: 130)

    // As simulated; the runs share one training set, which moves all of them by some percent.
    for (found, writes, absolute) in [
      (plain, 41.1, 0.675), (masked, 42.7, 0.682), (top, 19.9, 0.564), (clip, 106.6, 0.842),
    ] {
      #expect(abs(found.writes / writes - 1) < 0.06, "writes \(found.writes), not \(writes)")
      #expect(abs(found.absoluteChange / absolute - 1) < 0.02, "M1 \(found.absoluteChange)")
    }
    // In words, at this rate: the ratios to plain.
    #expect(abs(masked.writes / plain.writes - 1.05) < 0.02)
    #expect(abs(masked.absoluteChange / plain.absoluteChange - 1.01) < 0.01)
    #expect(abs(top.writes / plain.writes - 0.49) < 0.02)
    #expect(top.absoluteChange < 0.86 * plain.absoluteChange)
    #expect(clip.writes > 2 * plain.writes && clip.absoluteChange > 1.2 * plain.absoluteChange)
  }

  @Test("sign costs more than plain, at any rate of its own")
  func sign() throws {
    let plain = try energy(PlainUpdate(), mask: FullMask(), steps: 60)
    var least = Double.infinity
    for rate in [0.01, 0.02, 0.04] {
      let problem = Setup(
        data: LinearTeacher(noise: 0.3), samplesPerWeight: 2, loss: SquareLoss(),
        start: Start(variance: 0), learningRate: rate, steps: 200, update: SignUpdate(),
        theory: TheorySettings(trajectories: 1000, batches: 2))
      let solution = try MeanFieldSolver(problem).solve()
      let loss = solution.curve(.testLoss).estimates.map(\.value)
      guard let step = loss.firstIndex(where: { $0 <= 0.12 }) else { continue }
      least = min(least, solution.curve(.absoluteChange).estimates[step].value)
    }
    #expect(least < 10, "no rate reached the target")
    #expect(least > 1.5 * plain.absoluteChange)
  }
}
