import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Two copies with the same samples and start, each with mini-batches of its own. `[replica.site]`
@Suite("Replicas")
struct ReplicaTests {
  /// Square loss: C_12 from the kernels of one copy, `[replica.square]`.
  ///
  /// Given the switches e^k(t) = Σ_s D^k(t, s) [ω(s) + √Δ ζ^k(s)], and the copies' switches are
  /// independent: E[s s' e^1(t) e^2(t')] = Σ Y(t, s) Y(t', s') [E ω ω' + Δ C_12(s, s')].
  private static func crossCorrelation(_ problem: Setup) throws -> [Double] {
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    let m = solution.curve(.magnetisation).estimates.map(\.value)
    let (alpha, delta, eta) = (
      problem.samplesPerWeight, problem.data.variance, problem.grid.rate(at: 0)
    )
    let (lambda, sigma) = (problem.weightDecay, problem.dynamics.strength(at: 0))
    let p = problem.dynamics.weightSwitches.density(at: 0)
    let steps = problem.grid.steps
    func y(_ t: Int, _ s: Int) -> Double {
      kernels.gradientResponse[t, s, 0, 0] / (alpha * sigma * delta)
    }
    // μ = α σ Σ_s Y(t, s) (m(s) - 1): the mean of the closed site.
    let drive = (0..<steps).map { t in
      alpha * sigma * (0...t).reduce(0) { $0 + y(t, $1) * (m[$1] - 1) }
    }
    let times = steps + 1
    let r0 = problem.start.correlation(0, 0)
    var c = Array(repeating: Array(repeating: 0.0, count: times), count: times)  // C_12
    var s12 = c
    c[0][0] = r0
    func response(_ t: Int, _ s: Int) -> Double { s < t ? kernels.response[t, s, 0, 0] : 0 }
    for t in 0..<steps {
      for s in 0...t {
        var sum = 0.0
        for i in 0...t {
          for j in 0...s {
            sum += y(t, i) * y(s, j) * ((m[i] - 1) * (m[j] - 1) + delta * c[i][j])
          }
        }
        s12[t][s] = alpha * sigma * sigma * delta * sum
        s12[s][t] = s12[t][s]
      }
      // E[G^1(t) w^2(s)], s <= t + 1, of two copies whose weight masks are independent.
      func power(_ s: Int) -> Double {
        var sum = lambda * c[t][s] + drive[t] * m[s]
        for i in 0..<min(s, steps) where i <= t { sum += s12[t][i] * response(s, i) }
        for i in 0...t { sum += kernels.gradientResponse[t, i, 0, 0] * c[i][s] }
        return sum
      }
      for s in 0...t {
        c[t + 1][s] = c[t][s] - eta * p * power(s)
        c[s][t + 1] = c[t + 1][s]
      }
      c[t + 1][t + 1] = c[t][t + 1] - eta * p * power(t + 1)
    }
    return (0..<times).map { c[$0][$0] }
  }

  static let masks: [any Mask] = [
    FullMask(), IndependentMask(density: 0.4), PersistentMask(density: 0.4, correlation: 0.7),
    PersistentMask(density: 0.5, correlation: -0.4),
  ]

  @Test("square loss: the distance is that of closed equations", arguments: masks.indices)
  func square(index: Int) throws {
    for weightMask in [FullMask(), IndependentMask(density: 0.6)] as [any WeightMask] {
      var problem = Cases.square(steps: 15, sampleMask: Self.masks[index], weightMask: weightMask)
      problem.theory = TheorySettings(trajectories: 4000, batches: 8)
      problem.gradientScale = .mean
      problem.learningRate = 0.2
      let one = try MeanFieldSolver(problem).solve()
      let exact = try Self.crossCorrelation(problem)
      let two = try problem.replicated().theorySolver().solve()
      let distance = two.curve(.replicaDistance)
      for t in 0...15 {
        let expected = 2 * (one.curve(.norm).estimates[t].value - exact[t])
        let found = distance.estimates[t]
        #expect(
          abs(found.value - expected) < 4.5 * found.standardError + 2e-6,
          "t \(t): \(found), \(expected)")
        #expect(found.standardError < 0.02)
      }
      if index > 0 { #expect(distance.estimates[15].value > 0.02) }
      // A copy by itself is the one without copies.
      for (x, y) in zip(
        two.curve(.norm(0, 0, single: false)).estimates, one.curve(.norm).estimates)
      {
        #expect(abs(x.value - y.value) < 4.5 * x.standardError + 1e-6)
      }
    }
  }

  /// Gates count 1/b of their own step, and σ b is that of the step. `[replica.site]`
  @Test("a copy with mini-batches that grow is the network without copies")
  func schedule() throws {
    var problem = Cases.logistic(
      steps: 12,
      sampleMask: IndependentMask(
        density: .varying(PiecewiseLinear(steps: [0, 12], values: [0.2, 0.8]))),
      trajectories: 4000)
    problem.gradientScale = .mean
    let one = try problem.theorySolver().solve()
    let two = try problem.replicated().theorySolver().solve()
    for (x, y) in zip(
      two.curve(.norm(0, 0, single: false)).estimates, one.curve(.norm).estimates)
    {
      let error = 5 * hypot(x.standardError, y.standardError) + 1e-6
      #expect(abs(x.value - y.value) < error)
    }
  }

  @Test("full batches: copies stay together")
  func fullBatch() throws {
    let solution = try Cases.logistic(steps: 20, trajectories: 1000, batches: 2).replicated()
      .theorySolver().solve()
    #expect(solution.curve(.replicaDistance).estimates.allSatisfy { $0.value == 0 })
  }

  @Test("a note asks for 100 trajectories per step and copy, for others for 20")
  func enoughTrajectories() throws {
    // 1200 are 30 per step and copy, 60 per step of one perceptron.
    let problem = Cases.logistic(steps: 20, trajectories: 1200, batches: 2)
    let copies = try problem.replicated().theorySolver().solve().diagnostics.notes
    #expect(copies.contains { $0.contains("fewer than 100 trajectories") })
    let one = try problem.theorySolver().solve().diagnostics.notes
    #expect(!one.contains { $0.contains("fewer than") })
  }
}
