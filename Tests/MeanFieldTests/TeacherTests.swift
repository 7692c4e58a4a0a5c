import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Full-batch gradient descent on y = c ν + τ φ through the law of Marchenko and Pastur.
/// `[limit.regression]`
private struct RegressionSpectrum {
  let alpha: Double
  let teacher: Teacher
  let decay: Double
  let rate: Double
  let start: Start

  private var overlap: Double { start.overlap[0][0] }

  /// ∫dν f with x = 1 + α + 2√α cos θ.
  private func bulk(_ f: (Double) -> Double) -> Double {
    Integration.integral(from: 0, to: .pi, tolerance: 1e-12) { angle in
      let x = 1 + alpha + 2 * alpha.squareRoot() * cos(angle)
      return 2 * alpha * sin(angle) * sin(angle) / (.pi * x) * f(x)
    } + max(1 - alpha, 0) * f(0)
  }

  private func p(_ x: Double, _ t: Int) -> Double { pow(1 - rate * (decay + x), Double(t)) }
  private func f(_ x: Double, _ t: Int) -> Double {
    decay + x == 0 ? rate * Double(t) : (1 - p(x, t)) / (decay + x)
  }
  /// What v contributes to w(t).
  private func signal(_ x: Double, _ t: Int) -> Double {
    overlap * p(x, t) + teacher.alignment * x * f(x, t)
  }

  func magnetisation(_ t: Int) -> Double { bulk { signal($0, t) } }

  func correlation(_ t: Int, _ s: Int) -> Double {
    bulk { x in
      start.variance * p(x, t) * p(x, s) + signal(x, t) * signal(x, s)
        + teacher.remainder * teacher.remainder * x * f(x, t) * f(x, s)
    }
  }

  func trainingLoss(_ t: Int) -> Double {
    let (c, tau) = (teacher.alignment, teacher.remainder)
    return 0.5 * tau * tau
      + bulk { x in
        x
          * (start.variance * p(x, t) * p(x, t) + (signal(x, t) - c) * (signal(x, t) - c)
            + tau * tau * f(x, t) * (x * f(x, t) - 2))
      } / (2 * alpha)
  }

  /// R(t, s), s < t.
  func response(_ t: Int, _ s: Int) -> Double { -rate * bulk { p($0, t - s - 1) } }
}

@Suite("Linear teacher")
struct TeacherTests {
  struct Setting: Sendable, CustomStringConvertible {
    let alpha: Double
    let data: LinearTeacher
    let decay: Double
    let overlap: Double
    var description: String { "alpha \(alpha), \(data), lambda \(decay), m0 \(overlap)" }
  }

  static let settings = [
    Setting(alpha: 2, data: LinearTeacher(noise: 0.3), decay: 0, overlap: 0),
    Setting(alpha: 0.5, data: LinearTeacher(noise: 0.8), decay: 0.1, overlap: 0.4),
    Setting(alpha: 3, data: LinearTeacher(), decay: 0.2, overlap: -0.5),
    Setting(alpha: 1.5, data: LinearTeacher(labels: .sign), decay: 0.1, overlap: 0.2),
  ]

  private static let observables = [
    Observable.magnetisation, .norm, .trainingLoss, .testLoss, .testError, .squaredChange,
  ]

  private func problem(
    _ data: LinearTeacher, loss: any Loss = SquareLoss(), steps: Int = 30,
    sampleMask: any Mask = FullMask(), weightMask: any Mask = FullMask()
  ) -> Problem {
    Problem(
      data: data, samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.3]]), learningRate: 0.1, steps: steps,
      gradientScale: .mean, sampleMask: sampleMask, weightMask: weightMask)
  }

  // MARK: Closed site

  @Test("closed solver to 1e-8 of the spectrum: m, C, R and training loss", arguments: settings)
  func spectrum(setting: Setting) throws {
    let teacher = try #require(setting.data.teacher)
    let start = Start(variance: 0.5, overlap: [[setting.overlap]])
    let problem = Problem(
      data: setting.data, samplesPerWeight: setting.alpha, loss: SquareLoss(),
      weightDecay: setting.decay, start: start, learningRate: 0.12, steps: 40)
    let exact = RegressionSpectrum(
      alpha: setting.alpha, teacher: teacher, decay: setting.decay, rate: 0.12, start: start)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    #expect(solution.diagnostics.sampleSite == "closed")
    let kernels = try #require(solution.kernels)
    for step in [0, 1, 2, 7, 20, 40] {
      let m = try #require(solution.curve(.magnetisation).at(step: step))
      let loss = try #require(solution.curve(.trainingLoss).at(step: step))
      #expect(abs(m.value - exact.magnetisation(step)) < 1e-8)
      #expect(abs(loss.value - exact.trainingLoss(step)) < 1e-8)
      for earlier in [0, step / 2, step] {
        let c = kernels.correlation[step, earlier, 0, 0]
        #expect(abs(c - exact.correlation(step, earlier)) < 1e-8)
        guard earlier < step else { continue }
        let r = kernels.response[step, earlier, 0, 0]
        #expect(abs(r - exact.response(step, earlier)) < 1e-8)
      }
    }
  }

  /// E|w - v|²/d and the writes, from the law of the modes under independent weight masks.
  /// `[limit.maskedregression]`
  private func modes(
    alpha: Double, noise: Double, rate: Double, density p: Double, start: Start, steps: Int
  ) -> [Double] {
    let count = 2000
    let angles = (0..<count).map { (Double($0) + 0.5) * .pi / Double(count) }
    let x = angles.map { 1 + alpha + 2 * alpha.squareRoot() * cos($0) }
    let weights = zip(angles, x).map { 2 * alpha * sin($0) * sin($0) / (Double(count) * $1) }
    let overlap = start.overlap[0][0] - 1
    var square = x.map { _ in start.variance + overlap * overlap }  // e²
    var cross = x.map { _ in 0.0 }  // e b, b the gradient of the label noise
    return (0...steps).map { _ in
      let distance = zip(weights, square).reduce(0) { $0 + $1.0 * $1.1 }
      let power = x.indices.map {
        x[$0] * x[$0] * square[$0] - 2 * x[$0] * cross[$0] + noise * noise * x[$0]
      }
      let spread = rate * rate * p * (1 - p) * zip(weights, power).reduce(0) { $0 + $1.0 * $1.1 }
      for i in x.indices {
        square[i] +=
          -2 * p * rate * (x[i] * square[i] - cross[i]) + p * p * rate * rate * power[i] + spread
        cross[i] -= p * rate * (x[i] * cross[i] - noise * noise * x[i])
      }
      return distance
    }
  }

  private func distances(_ solution: Solution) -> [Double] {
    zip(solution.curve(.norm).estimates, solution.curve(.magnetisation).estimates).map {
      $0.value - 2 * $1.value + 1
    }
  }

  @Test("independent weight masks: the law of the modes to 1e-8", arguments: [0, 0.5])
  func maskedModes(noise: Double) throws {
    let start = Start(variance: 0.4, overlap: [[0.2]])
    let problem = Problem(
      data: LinearTeacher(noise: noise), samplesPerWeight: 2, loss: SquareLoss(), start: start,
      learningRate: 0.2, steps: 60, weightMask: IndependentMask(density: 0.3))
    let exact = modes(alpha: 2, noise: noise, rate: 0.2, density: 0.3, start: start, steps: 60)
    let found = distances(try MeanFieldSolver(problem).solve())
    for (a, b) in zip(exact, found) { #expect(abs(a - b) < 1e-8) }
    #expect(found[60] < 0.5 * found[0])
  }

  /// Simulated at d = 2000 with the mean gradient, λ's of X^T X/n: η 0.05 there is 0.05/α here.
  @Test("writes until |w - v|²/d <= 0.15: random masks save nothing")
  func writesToTarget() throws {
    func writes(_ mask: any Mask, steps: Int) throws -> Double {
      let problem = Problem(
        data: LinearTeacher(noise: 0.3), samplesPerWeight: 2, loss: SquareLoss(),
        start: Start(variance: 0), learningRate: 0.025, steps: steps, weightMask: mask)
      let solution = try MeanFieldSolver(problem).solve()
      let distances = distances(solution)
      let after = try #require(distances.firstIndex { $0 <= 0.15 })
      let part = (distances[after - 1] - 0.15) / (distances[after - 1] - distances[after])
      let writes = solution.curve(.writes).estimates.map(\.value)
      return writes[after - 1] + part * (writes[after] - writes[after - 1])
    }
    let plain = try writes(FullMask(), steps: 60)
    let random = try writes(IndependentMask(density: 0.1), steps: 500)
    // Simulation 41.1(9) and 42.7(8); 2.5 standard errors. Theory 42.618 and 44.344.
    #expect(abs(plain - 41.1) < 2.5 * 0.9)
    #expect(abs(random - 42.7) < 2.5 * 0.8)
    #expect(abs(plain - 42.618) < 1e-3)
    #expect(abs(random - 44.344) < 1e-3)
  }

  @Test(
    "full-batch training error of the closed site is that of the sampled one", arguments: [2, 3])
  func trainingError(setting: Int) throws {
    var problem = problem(Self.settings[setting].data, steps: 12)
    let exact = try MeanFieldSolver(problem).solve().curve(.trainingError)
    problem.theory = TheorySettings(trajectories: 4000, batches: 32, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve().curve(.trainingError)
    for (a, b) in zip(exact.estimates, sampled.estimates) {
      #expect(abs(a.value - b.value) < 5 * b.standardError + 1e-6)
      #expect(b.standardError < 2e-3)
    }
  }

  // MARK: Sampled site

  @Test(
    "the sampled site is the closed one to 1e-5 for full batches and independent masks",
    arguments: [0, 1, 2, 3], [0, 1])
  func sampled(setting: Int, mask: Int) throws {
    let sampleMask = [FullMask() as any Mask, IndependentMask(density: 0.4)][mask]
    var problem = problem(
      Self.settings[setting].data, sampleMask: sampleMask,
      weightMask: [FullMask() as any Mask, IndependentMask(density: 0.6)][mask])
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
      Self.settings[setting].data, sampleMask: PersistentMask(density: 0.4, correlation: 0.8),
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

  /// Only a·w is trained, and b·w with b orthogonal to a decays: m_k = a_k m + b_k (b·m0) (1 - ηλ)^t.
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
    problem.theory.seed = 7
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
    var problem = Problem(
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
