import Foundation
import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

/// Machines in the theory. `[boltzmann.drive]` `[boltzmann.observables]`
@Suite("Boltzmann machine")
struct BoltzmannTests {
  private static func problem(hidden: Int = 1, steps: Int = 400) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 4,
      network: Boltzmann(hidden: hidden, variance: 0.6),
      start: Start(
        variance: 0.2, overlap: (0..<hidden).map { [$0 == 0 ? 0.5 : -0.2] }),
      learningRate: 0.2, steps: steps, theory: TheorySettings(trajectories: 12_000, batches: 4))
  }

  /// The stationary state of one hidden unit: the minimiser of `[limit.static]` with Λ = -log 2cosh
  /// h and the pull λ + αD of the machine.
  private struct Stationary {
    var m = 1.0
    var c = 1.5
    var trainingLoss = 0.0
    var matched = 0.0  // E[h tanh h]

    init(alpha: Double, delta: Double, pull: Double) {
      // The trapezoidal rule converges exponentially here; Gauss-Hermite of order 80 errs by 1e-4.
      let nodes = (-500...500).map { Double($0) * 0.018 }
      let rule = nodes.map { ($0, 0.018 * exp(-0.5 * $0 * $0) / (2 * Double.pi).squareRoot()) }
      var r = 1 / pull
      for _ in 0..<400 {
        var (chi, drive, square) = (0.0, 0.0, 0.0)
        (trainingLoss, matched) = (0, 0)
        for (z, weight) in rule {
          let field = m + (delta * c).squareRoot() * z
          var h = field
          for _ in 0..<12 {  // Newton for h - ΔR tanh h = field
            let t = tanh(h)
            h -= (h - delta * r * t - field) / (1 - delta * r * (1 - t * t))
          }
          let t = tanh(h)
          let curvature = t * t - 1
          chi += weight * alpha * delta * curvature / (1 + delta * r * curvature)
          drive -= weight * alpha * t
          square += weight * alpha * delta * t * t
          trainingLoss -= weight * log(2 * cosh(h))
          matched += weight * h * t
        }
        r += 0.5 * (1 / (pull + chi) - r)
        m += 0.5 * (-drive * r - m)
        c += 0.5 * ((drive * drive + square) * r * r - c)
      }
    }
  }

  @Test("one hidden unit ends where the moments of data and machine match")
  func stationary() throws {
    let problem = Self.problem()
    let exact = Stationary(alpha: 4, delta: 0.5, pull: 4 * 0.6)
    // Moment matching without decay: data average of h tanh h = w·<S x>/√d = D C.
    #expect(abs(exact.matched - 0.6 * exact.c) < 1e-10)
    #expect(exact.m > 0.5)
    let solution = try MeanFieldSolver(problem).solve()
    let logPartition = log(2.0) + 0.5 * 0.6 * exact.c
    let expected: [(Observable, Double)] = [
      (.magnetisation, exact.m), (.norm, exact.c), (.trainingLoss, exact.trainingLoss),
      (.freeEnergy, -logPartition), (.logLikelihood, -exact.trainingLoss - logPartition),
    ]
    for (observable, value) in expected {
      let found = try #require(solution.curve(observable).estimates.last)
      #expect(
        abs(found.value - value) < 5 * found.standardError + 1e-3 * abs(value),
        "\(observable): \(found), \(value)")
    }
    #expect(!solution.curves.contains { $0.observable == .testError })
  }

  @Test(
    "likelihoods start at 0 without weights, and K units factorise if they see different things")
  func likelihoods() throws {
    var problem = Self.problem(hidden: 2, steps: 3)
    problem.start = Start(variance: 0, overlap: [[0], [0]])
    let solution = try MeanFieldSolver(problem).solve()
    for observable in [Observable.logLikelihood, .testLogLikelihood] {
      for estimate in solution.curve(observable).estimates { #expect(abs(estimate.value) < 1e-12) }
    }
  }

  @Test("closed and sampled weight sites agree for two coupled units")
  func sites() throws {
    var problem = Self.problem(hidden: 2, steps: 15)
    problem.weightMask = ColumnMask(density: 0.6, correlation: 0.5)
    problem.theory = TheorySettings(trajectories: 4000, batches: 16)
    let closed = try MeanFieldSolver(problem).solve()
    problem.theory.sites = .ensembleBoth
    let sampled = try MeanFieldSolver(problem).solve()
    for curve in closed.curves {
      for (a, b) in zip(curve.estimates, sampled.curve(curve.observable).estimates) {
        let error = (a.standardError * a.standardError + b.standardError * b.standardError)
          .squareRoot()
        #expect(abs(a.value - b.value) < 6 * error + 1e-6, "\(curve.observable)")
      }
    }
  }
}
