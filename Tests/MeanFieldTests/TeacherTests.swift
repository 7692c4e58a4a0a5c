import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Linear teacher")
struct TeacherTests {
  private static let observables = [
    Observable.magnetisation, .norm, .trainingLoss, .testLoss, .testError, .squaredChange,
  ]

  private func problem(
    _ data: LinearTeacher, loss: any Loss = SquareLoss(), steps: Int = 30,
    sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask()
  ) -> Setup {
    Setup(
      data: data, samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.3]]), learningRate: 0.1, steps: steps,
      gradientScale: .mean, sampleMask: sampleMask, weightMask: weightMask)
  }

  @Test(
    "full-batch training error of the closed site is that of the sampled one", arguments: [2, 3])
  func trainingError(setting: Int) throws {
    var problem = problem(TeacherSetting.all[setting].data, steps: 12)
    let exact = try MeanFieldSolver(problem).solve().curve(.trainingError)
    problem.theory = TheorySettings(trajectories: 4000, batches: 32, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve().curve(.trainingError)
    for (a, b) in zip(exact.estimates, sampled.estimates) {
      #expect(abs(a.value - b.value) < 5 * b.standardError + 1e-6)
      #expect(b.standardError < 2e-3)
    }
  }

  @Test(
    "the sampled site is the closed one to 1e-5 for full batches and independent masks",
    arguments: [0, 1, 2, 3], [0, 1])
  func sampled(setting: Int, mask: Int) throws {
    let sampleMask = [FullMask() as any Mask, IndependentMask(density: 0.4)][mask]
    var problem = problem(
      TeacherSetting.all[setting].data, sampleMask: sampleMask,
      weightMask: [FullMask() as any WeightMask, IndependentMask(density: 0.6)][mask])
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 2000, batches: 4, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    #expect(sampled.diagnostics.sampleSite == "ensemble")
    for observable in Self.observables {
      for (a, b) in zip(exact.curve(observable).estimates, sampled.curve(observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-5, "\(observable): \(a) against \(b)")
      }
    }
  }

  @Test("persistent sample masks within the error bars", arguments: [1, 3])
  func persistent(setting: Int) throws {
    var problem = problem(
      TeacherSetting.all[setting].data, sampleMask: PersistentMask(density: 0.4, correlation: 0.8),
      weightMask: PersistentMask(density: 0.5, correlation: 0.7))
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 4000, batches: 16, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in Self.observables {
      for (a, b) in zip(exact.curve(observable).estimates, sampled.curve(observable).estimates) {
        // t with 15 degrees of freedom, 400 comparisons: a false alarm in 500.
        #expect(abs(a.value - b.value) < 7 * b.standardError + 1e-5, "\(observable): \(a), \(b)")
        #expect(b.standardError < 3e-3)
      }
    }
  }

  /// Only a·w is trained, and b·w with b orthogonal to a decays: m_k = a_k m + b_k (b·m0)
  /// (1 - ηλ)^t.
  @Test(
    "two linear units are one perceptron, with and without noise", arguments: [0, 1], [0, 0.6])
  func linearUnits(mask: Int, sigma: Double) throws {
    let sampleMask = [FullMask() as any Mask, IndependentMask(density: 0.4)][mask]
    var single = problem(LinearTeacher(noise: 0.3), steps: 12, sampleMask: sampleMask)
    // f adds the noise of its units to that of one field, Σ a_k² = 1.
    single.weightNoise = WeightNoise(sigma: sigma, reliabilityCost: 0.1)
    var double = single
    let (a, b, m0) = ([0.6, 0.8], [-0.8, 0.6], [0.5, -0.4])
    double.network = LinearUnits()
    double.start = Start(variance: 0.5, overlap: m0.map { [$0] })
    single.start = Start(variance: 0.5, overlap: [[a[0] * m0[0] + a[1] * m0[1]]])
    let idle = b[0] * m0[0] + b[1] * m0[1]
    double.theory = TheorySettings(trajectories: 2000, batches: 2)
    let one = try MeanFieldSolver(single).solve()
    let two = try MeanFieldSolver(double).solve()
    // H is the mean over units of α Δ a_k².
    let optimum = pow(0.1 * 2 / (2 * 0.5), 0.25)
    for t in 0...12 {
      let m = one.curve(.magnetisation).estimates[t].value
      for k in 0...1 {
        let found = two.curve(.magnetisation(k, 0, single: false)).estimates[t].value
        #expect(abs(found - a[k] * m - b[k] * idle * pow(0.99, Double(t))) < 1e-5, "m_\(k)(\(t))")
      }
      let losses = [one, two].map { $0.curve(.trainingLoss).estimates[t].value }
      #expect(abs(losses[0] - losses[1]) < 1e-5)
      #expect(abs(two.curve(.optimalWeightNoise).estimates[t].value - optimum) < 1e-12)
    }
  }

  @Test("tangent and Stein responses agree for signs under the logistic loss")
  func responses() throws {
    var problem = problem(
      LinearTeacher(labels: .sign), loss: LogisticLoss(), steps: 12,
      sampleMask: IndependentMask(density: 0.5))
    problem.learningRate = 0.3
    problem.theory = TheorySettings(trajectories: 1000, batches: 16)
    let stein = try MeanFieldSolver(problem).solve()
    problem.theory.response = .tangent
    problem.theory.sampling.seed = 7
    let tangent = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      for step in [2, 6, 12] {
        let x = try #require(stein.curve(observable).at(step: step))
        let y = try #require(tangent.curve(observable).at(step: step))
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        #expect(abs(x.value - y.value) < 5 * joint, "\(observable) at step \(step)")
      }
    }
  }

  /// μ = α E[ν g], S = α E[g²], χ = α E[H] at t = 0, with g(h) for h = m0 ν + √R0 z, y = sign ν.
  /// `[limit.step]` `[kernel.teacher]`
  @Test("the first step by hand: signs, logistic loss")
  func firstStep() throws {
    let (alpha, decay, eta, p, variance, m0) = (2.0, 0.1, 0.3, 0.5, 0.5, 0.3)
    let hermite = Quadrature.standardNormal(order: 64)
    func average(_ f: (Double, LossValue) -> Double) -> Double {
      // Both signs of ν give the same.
      2
        * Integration.integral(from: 0, to: 9) { nu in
          let inner = zip(hermite.nodes, hermite.weights).reduce(0.0) { sum, point in
            let h = m0 * nu + variance.squareRoot() * point.0
            return sum + point.1 * f(nu, LogisticLoss().evaluate(label: 1, output: h))
          }
          return inner * exp(-0.5 * nu * nu) / (2 * Double.pi).squareRoot()
        }
    }
    let mu = alpha * average { $0 * $1.slope }
    let s = alpha * average { $1.slope * $1.slope }
    let chi = alpha * average { $1.curvature }
    var problem = problem(
      LinearTeacher(labels: .sign), loss: LogisticLoss(), steps: 1,
      weightMask: IndependentMask(density: p))
    problem.learningRate = eta
    problem.theory = TheorySettings(trajectories: 20000, batches: 16)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let found = try #require(solution.kernels)
    let errors = try #require(solution.kernelErrors)
    // G = λ w + μ v + u + χ (w - m v).
    let m1 = m0 - eta * p * (decay * m0 + mu)
    let c00 = variance + m0 * m0
    let c10 = c00 - eta * p * (decay * c00 + mu * m0 + chi * variance)
    let square =
      (decay + chi) * (decay + chi) * variance + (decay * m0 + mu) * (decay * m0 + mu) + s
    let c11 = 2 * c10 - c00 + eta * eta * p * square
    let m = solution.curve(.magnetisation).estimates[1]
    #expect(abs(m.value - m1) < 5 * m.standardError + 1e-9)
    #expect(m.standardError < 1e-4)
    for (value, error, exact) in [
      (found.gradientCovariance[0, 0, 0, 0], errors.gradientCovariance[0, 0, 0, 0], s),
      (found.gradientResponse[0, 0, 0, 0], errors.gradientResponse[0, 0, 0, 0], chi),
      (found.correlation[1, 0, 0, 0], errors.correlation[1, 0, 0, 0], c10),
      (found.correlation[1, 1, 0, 0], errors.correlation[1, 1, 0, 0], c11),
    ] {
      #expect(abs(value - exact) < 5 * error + 1e-9)
      #expect(error < 1e-3)
    }
  }

  @Test("a teacher that is found exactly leaves no field noise, and the march goes on")
  func noNoiseLeft() throws {
    var problem = Setup(
      data: LinearTeacher(), samplesPerWeight: 4, loss: SquareLoss(), start: Start(variance: 0),
      learningRate: 0.15, steps: 150,
      theory: TheorySettings(trajectories: 1000, batches: 2, sites: .ensemble))
    for loss in [SquareLoss() as any Loss] {
      problem.loss = loss
      let solution = try MeanFieldSolver(problem).solve()
      let m = try #require(solution.curve(.magnetisation).at(step: 150))
      let error = try #require(solution.curve(.testError).at(step: 150))
      #expect(abs(m.value - 1) < 1e-9)
      #expect(error.value < 1e-6)
    }
  }
}
