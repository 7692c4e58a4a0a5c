import LearningProblem
import MeanField
import NumericalKit
import Observables
import Stationary
import TestSupport

/// The end of a march through time, to compare steady states with.
struct LateTimes {
  let solution: Solution
  let steps: Int

  init(_ problem: Setup) throws {
    steps = problem.grid.steps
    solution = try MeanFieldSolver(problem, keepKernels: true).solve()
  }

  /// Entries (T, T - τ) of C and R, (T - 1, T - 1 - τ) of S and χ.
  func kernel(_ name: KeyPath<Kernels, TwoTimeKernel>, lags: Int) -> [Double] {
    guard let kernels = solution.kernels else { return [] }
    let kernel = kernels[keyPath: name]
    let last = kernel.times - 1
    return (0..<lags).map { kernel[last, last - $0] }
  }

  /// The last entry of a curve.
  func last(_ observable: Observable) -> Estimate {
    solution.curve(observable).estimates[steps]
  }
}

/// The largest |a - b| over the entries of both.
func distance(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// Problems that forget their start quickly.
enum FastCases {
  static func square(
    sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask(), steps: Int = 200,
    sites: TheorySettings.Sites = .closed, gradientScale: LearningRule.GradientScale = .sum,
    learningRate: Double = 0.3, weightDecay: Double = 0.8, variance: Double = 0.5,
    trajectories: Int = 400, seed: UInt64 = 1
  ) -> Setup {
    Setup(
      data: TwoClusters(variance: variance), samplesPerWeight: 2, loss: SquareLoss(),
      weightDecay: weightDecay, start: Start(variance: 0.1, overlap: [[0.4]]),
      learningRate: learningRate, steps: steps, gradientScale: gradientScale,
      sampleMask: sampleMask, weightMask: weightMask,
      theory: TheorySettings(trajectories: trajectories, batches: 4, seed: seed, sites: sites))
  }

  static func logistic(
    sampleMask: any Mask, weightMask: any WeightMask = FullMask(), steps: Int = 60,
    loss: any Loss = LogisticLoss(), trajectories: Int = 400, seed: UInt64 = 1,
    sites: TheorySettings.Sites = .auto
  ) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss, weightDecay: 0.8,
      start: Start(variance: 0.1, overlap: [[0.4]]), learningRate: 0.3, steps: steps,
      sampleMask: sampleMask, weightMask: weightMask,
      theory: TheorySettings(trajectories: trajectories, batches: 4, seed: seed, sites: sites))
  }
}
