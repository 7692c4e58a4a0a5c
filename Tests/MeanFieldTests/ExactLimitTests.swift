import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Exact limits of the march")
struct ExactLimitTests {
  /// Without data the weights decay at rate λ, where and when the mask allows it. `[limit.decay]`
  @Test("no data: decay under every weight mask", arguments: Cases.weightMasks.indices)
  func decay(index: Int) throws {
    let mask = Cases.weightMasks[index]
    var problem = Cases.square(steps: 12, weightMask: mask)
    let switches = problem.dynamics.weightSwitches
    let rho = try #require(switches.correlation)
    let p = switches.density(at: 0)
    problem.samplesPerWeight = 1e-14
    problem.start = Start(variance: 0.5, overlap: [[0.4]])
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)

    // Transfer matrices over the two states of the mask.
    let shrink = 1 - 0.3 * 0.1
    let stay = { (from: Int, to: Int) in (from == to ? rho : 0) + (1 - rho) * (to == 1 ? p : 1 - p)
    }
    func average(_ factors: [Double]) -> Double {
      var state = [1 - p, p]
      for factor in factors {
        let weighted = [state[0], state[1] * factor]
        state = (0...1).map { weighted[0] * stay(0, $0) + weighted[1] * stay(1, $0) }
      }
      return state[0] + state[1]
    }
    for t in 0...12 {
      let m = solution.curve(.magnetisation).estimates[t].value
      #expect(abs(m - 0.4 * average(Array(repeating: shrink, count: t))) < 1e-12)
      for s in 0...t {
        let powers = (0..<t).map { $0 < s ? shrink * shrink : shrink }
        #expect(abs(kernels.correlation[t, s, 0, 0] - 0.66 * average(powers)) < 1e-12)
      }
    }
  }

  /// σ = 1/b keeps the mean gradient: m does not know the mini-batch size. `[limit.meanscale]`
  @Test("square loss, mean scale: m(t) is independent of b")
  func meanScale() throws {
    func magnetisation(_ mask: any Mask) throws -> [Double] {
      var problem = Cases.square(
        steps: 40, sampleMask: mask, weightMask: IndependentMask(density: 0.7))
      problem.gradientScale = .mean
      problem.learningRate = 0.1
      return try MeanFieldSolver(problem).solve().curve(.magnetisation).estimates.map(\.value)
    }
    let full = try magnetisation(FullMask())
    for density in [0.1, 0.35, 0.8] {
      for (a, b) in zip(full, try magnetisation(IndependentMask(density: density))) {
        #expect(abs(a - b) < 1e-12)
      }
    }
    let persistent = try magnetisation(PersistentMask(density: 0.35, correlation: 0.9))
    #expect(zip(full, persistent).contains { abs($0 - $1) > 1e-3 }, "only independent batches")
  }

  /// An independent weight mask is the step η p plus the variance η² p (1 - p) E[G²].
  /// `[limit.independent]`
  @Test("independent weight mask: step eta p, plus variance")
  func independentMask() throws {
    let p = 0.4
    let masked = try MeanFieldSolver(
      Cases.square(
        steps: 25, sampleMask: IndependentMask(density: 0.5),
        weightMask: IndependentMask(density: p)), keepKernels: true
    ).solve()
    let kernels = try #require(masked.kernels)
    // m, and the first cross-time covariances, from the unmasked equations at step η p.
    var problem = Cases.square(steps: 25, sampleMask: IndependentMask(density: 0.5))
    problem.learningRate = p * problem.grid.rate(at: 0)
    let small = try MeanFieldSolver(problem, keepKernels: true).solve()
    let smallKernels = try #require(small.kernels)
    for t in [1, 2] {  // until the variance feeds back
      #expect(
        abs(
          masked.curve(.magnetisation).estimates[t].value
            - small.curve(.magnetisation).estimates[t].value) < 1e-13)
    }
    #expect(abs(kernels.correlation[1, 0, 0, 0] - smallKernels.correlation[1, 0, 0, 0]) < 1e-13)
    // The extra variance of the first step, from the squared change p η² E[G²].
    let power = masked.curve(.squaredChange).estimates[1].value  // η² p E[G²]
    #expect(
      abs(
        kernels.correlation[1, 1, 0, 0] - smallKernels.correlation[1, 1, 0, 0]
          - (1 - p) * power) < 1e-13)
  }

  /// Gradient descent ends in the regularised minimiser. `[limit.static]`
  @Test("logistic loss: the long-time limit is the static minimiser")
  func staticMinimiser() throws {
    var problem = Cases.logistic(steps: 250, trajectories: 6000, batches: 4)
    problem.learningRate = 0.6
    let solution = try MeanFieldSolver(problem).solve()
    let expected: [(Observable, Double)] = [
      (.magnetisation, 1.66689), (.norm, 3.91006), (.trainingLoss, 0.175196),
      (.testError, 0.116602),
    ]
    for (observable, value) in expected {
      let found = try #require(solution.curve(observable).at(step: 250))
      #expect(
        abs(found.value - value) < 5 * found.standardError + 2e-5, "\(observable): \(found)")
      #expect(found.standardError < 2e-3)
    }
  }

  @Test("C is positive semi-definite under every mask", arguments: [0, 1, 2])
  func positive(mask: Int) throws {
    let problem = Cases.logistic(
      steps: 40, sampleMask: Cases.sampleMasks[mask],
      weightMask: PersistentMask(density: 0.5, correlation: 0.7), trajectories: 1000, batches: 2)
    let c = try #require(try MeanFieldSolver(problem, keepKernels: true).solve().kernels)
      .correlation
    let s = try #require(try MeanFieldSolver(problem, keepKernels: true).solve().kernels)
      .gradientCovariance
    for (kernel, times) in [(c, 41), (s, 40)] {
      var factor = GrowingCholesky(capacity: times, tolerance: 0)
      for t in 0..<times {
        let row = (0..<t).map { kernel[t, $0, 0, 0] }
        // The pivot left after the earlier rows, with the diagonal lifted by 1e-8.
        factor.append(row[...], diagonal: kernel[t, t, 0, 0] * (1 + 1e-8))
        #expect(!factor.isDropped(t), "pivot at \(t) is negative beyond 1e-8")
      }
    }
  }

  @Test("hidden units that are alike stay alike")
  func permutation() throws {
    let problem = Setup(
      data: Xor(separation: 1.5, variance: 0.3), samplesPerWeight: 3,
      network: Committee(activation: .erf, readout: [1, 1, -1, -1]), weightDecay: 0.05,
      start: Start(variance: 0.2, overlap: [[0.3, 0], [0.3, 0], [0, 0.3], [0, 0.3]]),
      learningRate: 0.3, steps: 10, sampleMask: IndependentMask(density: 0.5),
      weightMask: IndependentMask(density: 0.5),
      theory: TheorySettings(trajectories: 2000, batches: 8))
    let solution = try MeanFieldSolver(problem).solve()
    let alike: [(Observable, Observable)] = [
      (.magnetisation(0, 0, single: false), .magnetisation(1, 0, single: false)),
      (.magnetisation(0, 0, single: false), .magnetisation(2, 1, single: false)),
      (.norm(0, 0, single: false), .norm(1, 1, single: false)),
      (.norm(0, 1, single: false), .norm(2, 3, single: false)),
    ]
    for (a, b) in alike {
      for (x, y) in zip(solution.curve(a).estimates, solution.curve(b).estimates) {
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        #expect(abs(x.value - y.value) < 5 * joint + 1e-12, "\(a) \(x), \(b) \(y)")
      }
    }
  }
}
