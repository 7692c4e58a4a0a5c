import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// f(h) = Σ_k a_k h_k with Σ a_k² = 1: several units that are exactly one perceptron.
///
/// Only u = Σ a_k w_k is trained; what is orthogonal to a decays at rate λ.
struct LinearUnits: OutputNetwork {
  static let kind = "linear-units"
  static let summary = "f(h) = sum_k a_k h_k"
  static let parameters: [Parameter] = []
  let factors = [0.6, 0.8]
  var hiddenUnits: Int { factors.count }

  init() {}
  init(from section: Section) throws { self.init() }

  func evaluate(
    _ fields: Span<Double>, readout: Span<Double>, gradient: inout MutableSpan<Double>,
    hessian: inout MutableSpan<Double>, readoutGradient: inout MutableSpan<Double>
  ) -> Double {
    var output = 0.0
    for k in factors.indices {
      output += factors[k] * fields[k]
      gradient[k] = factors[k]
      for l in factors.indices { hessian[k * factors.count + l] = 0 }
    }
    return output
  }

  func output(_ fields: Span<Double>, readout: Span<Double>) -> Double {
    factors[0] * fields[0] + factors[1] * fields[1]
  }
}

@Suite("Exact limit: linear units are one perceptron")
struct LinearUnitsTests {
  private let a = [0.6, 0.8]
  private let b = [-0.8, 0.6]  // orthogonal to a
  private let start = Start(variance: 0.5, overlap: [[0.5], [0.3]])
  private var trained: Double { a[0] * 0.5 + a[1] * 0.3 }  // a·m0
  private var idle: Double { b[0] * 0.5 + b[1] * 0.3 }  // b·m0

  private func problem(
    steps: Int, sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask()
  ) -> Setup {
    var problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, network: LinearUnits(),
      loss: SquareLoss(), weightDecay: 0.1, start: start, learningRate: 0.3, steps: steps,
      sampleMask: sampleMask, weightMask: weightMask)
    problem.theory = TheorySettings(trajectories: 2000, batches: 4)
    return problem
  }

  private func perceptron(_ problem: Setup) throws -> Solution {
    var single = problem
    single.network = Perceptron()
    single.start = Start(variance: 0.5, overlap: [[trained]])
    return try MeanFieldSolver(single, keepKernels: true).solve()
  }

  @Test("every kernel of a full batch", arguments: TheorySettings.Response.allCases)
  func fullBatch(response: TheorySettings.Response) throws {
    var problem = problem(steps: 6)
    problem.theory.response = response
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let found = try #require(solution.kernels)
    let reference = try perceptron(problem)
    let one = try #require(reference.kernels)
    let m = reference.curve(.magnetisation).estimates.map(\.value)
    // Stein's χ, and with it R, is free where C is singular; nothing else is.
    let unresolved = response == .stein ? 2e-3 : 1e-5
    var decay = [1.0]
    for _ in 0..<6 { decay.append(decay[decay.count - 1] * (1 - 0.3 * 0.1)) }
    for t in 0...6 {
      for k in 0...1 {
        let overlap = solution.curve(.magnetisation(k, 0, single: false)).estimates[t].value
        #expect(abs(overlap - a[k] * m[t] - b[k] * idle * decay[t]) < 1e-5)
        for l in 0...1 {
          for s in 0...t {
            let c =
              a[k] * a[l] * one.correlation[t, s, 0, 0]
              + b[k] * b[l] * (0.5 + idle * idle) * decay[t] * decay[s]
              + idle * (a[k] * b[l] * m[t] * decay[s] + b[k] * a[l] * decay[t] * m[s])
            #expect(abs(found.correlation[t, s, k, l] - c) < 1e-5, "C_\(k)\(l)(\(t), \(s))")
            guard s < t else { continue }
            let r =
              a[k] * a[l] * one.response[t, s, 0, 0] - b[k] * b[l] * 0.3 * decay[t - s - 1]
            #expect(abs(found.response[t, s, k, l] - r) < unresolved, "R_\(k)\(l)(\(t), \(s))")
            guard t < 6 else { continue }
            let noise = a[k] * a[l] * one.gradientCovariance[t, s, 0, 0]
            #expect(
              abs(found.gradientCovariance[t, s, k, l] - noise) < 1e-5, "S_\(k)\(l)(\(t), \(s))")
          }
        }
      }
      let loss = solution.curve(.trainingLoss).estimates[t].value
      #expect(abs(loss - reference.curve(.trainingLoss).estimates[t].value) < 1e-5)
    }
  }

  @Test(
    "mini-batches, by Stein's formula and by tangents",
    arguments: Cases.sampleMasks.indices, TheorySettings.Response.allCases)
  func miniBatches(mask: Int, response: TheorySettings.Response) throws {
    var problem = problem(steps: 8, sampleMask: Cases.sampleMasks[mask])
    problem.theory = TheorySettings(trajectories: 1000, batches: 16, response: response)
    problem.gradientScale = .mean  // σ = 1/b
    problem.learningRate = 0.15
    let solution = try MeanFieldSolver(problem).solve()
    let reference = try perceptron(problem)
    let m = reference.curve(.magnetisation).estimates.map(\.value)
    var decay = 1.0
    for t in 0...8 {
      for k in 0...1 {
        let found = solution.curve(.magnetisation(k, 0, single: false)).estimates[t]
        // 6 standard errors of 16 batches: 150 comparisons, a false alarm in 300 runs.
        #expect(
          abs(found.value - a[k] * m[t] - b[k] * idle * decay) < 6 * found.standardError + 1e-5,
          "m_\(k)(\(t)): \(found)")
      }
      decay *= 1 - 0.15 * 0.1
    }
  }

  /// One step of element masks by hand: two masks meet in C_12(1, 1) only. `[weight.units]`
  @Test("element masks, the first step")
  func elementMasks() throws {
    let p = 0.4
    let eta = 0.3
    let solution = try MeanFieldSolver(
      problem(steps: 1, weightMask: IndependentMask(density: p)), keepKernels: true
    ).solve()
    let found = try #require(solution.kernels)
    let c0 = (0...1).map { k in (0...1).map { l in start.correlation(k, l) } }
    let norm = 0.5 + trained * trained
    // G_k = λ w_k + a_k Γ, Γ = α (m - 1) v + noise + α Δ u with α = 2, Δ = 0.5.
    let drive = 2 * (trained - 1)
    let power = (0...1).map { l in  // E[Γ w_l]
      drive * start.overlap[l][0] + a[0] * c0[0][l] + a[1] * c0[1][l]
    }
    let noise = 2 * 0.5 * ((trained - 1) * (trained - 1) + 0.5 * norm)
    let square = drive * drive + noise + norm + 2 * drive * trained  // E[Γ²]
    var changes = 0.0
    for k in 0...1 {
      for l in 0...1 {
        let kl = 0.1 * c0[k][l] + a[k] * power[l]  // E[G_k w_l]
        let lk = 0.1 * c0[k][l] + a[l] * power[k]
        let gradients =
          0.01 * c0[k][l] + 0.1 * (a[l] * power[k] + a[k] * power[l]) + a[k] * a[l] * square
        let both = k == l ? p : p * p
        let c1 = c0[k][l] - eta * p * (kl + lk) + eta * eta * both * gradients
        #expect(abs(found.correlation[1, 0, k, l] - c0[k][l] + eta * p * kl) < 1e-6)
        #expect(abs(found.correlation[1, 1, k, l] - c1) < 1e-6, "C_\(k)\(l)(1, 1)")
        #expect(abs(found.response[1, 0, k, l] + (k == l ? eta * p : 0)) < 1e-12)
        if k == l { changes += eta * eta * p * gradients / 2 }
      }
    }
    #expect(abs(solution.curve(.squaredChange).estimates[1].value - changes) < 1e-6)
  }

  /// Test loss and error of two fields equal those of their sum. `[observable.testerror]`
  @Test("test quantities of several units are those of one")
  func testQuantities() {
    var several = problem(steps: 1)
    several.data = ThreeClusters(variance: 0.5, outerProbability: 0.4)
    var single = several
    single.network = Perceptron()
    single.start = Start(variance: 0.5)
    let norm = 0.36 * 1.5 + 2 * 0.48 * 0.7 + 0.64 * 1.2
    let two = TestQuantities(several).evaluate(
      overlaps: [[0.9], [0.5]], covariance: [1.5, 0.7, 0.7, 1.2])
    let one = TestQuantities(single).evaluate(overlaps: [[0.94]], covariance: [norm])
    #expect(abs(two.error.value - one.error.value) < 1e-8)
    #expect(abs(two.loss.value - one.loss.value) <= 5 * two.loss.standardError + 1e-12)
    #expect(max(two.error.standardError, two.loss.standardError) < 3e-3)
    // Fields h ~ N(B m, Δ C): (E[h] - y)² + Δ C, averaged over the clusters.
    var loss = 0.0
    for cluster in single.data.clusters {
      let bias = cluster.centre[0] * 0.94 - cluster.label
      loss += 0.5 * cluster.probability * (bias * bias + 0.5 * norm)
    }
    #expect(abs(one.loss.value - loss) < 1e-12)
  }

  /// Closed forms of the test error: two clusters, and the door on three. `[observable.testerror]`
  @Test("test error of the perceptron and of the door")
  func testErrors() {
    var problem = problem(steps: 1)
    problem.network = Perceptron()
    problem.start = Start(variance: 0.5)
    let m = 0.8
    let spread = (2 * 0.5 * 1.3).squareRoot()  // √(2 Δ C)
    let halves = TestQuantities(problem).evaluate(overlaps: [[m]], covariance: [1.3])
    #expect(abs(halves.error.value - 0.5 * erfc(m / spread)) < 1e-12)
    // y = -1 in the middle (probability 0.6) and +1 outside, as f = h² - L² has it.
    problem.data = ThreeClusters(variance: 0.5, outerProbability: 0.4)
    problem.network = Door(width: 0.7)
    let door = TestQuantities(problem).evaluate(overlaps: [[m]], covariance: [1.3])
    let inner = 0.6 * erfc(0.7 / spread)
    let outer = 0.4 * 0.5 * (erf((0.7 - m) / spread) + erf((0.7 + m) / spread))
    #expect(abs(door.error.value - inner - outer) < 1e-12)
  }
}
