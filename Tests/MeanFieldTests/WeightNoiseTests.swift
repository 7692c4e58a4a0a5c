import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Noisy weights")
struct WeightNoiseTests {
  private static let observables = [
    Observable.magnetisation, .norm, .trainingLoss, .testLoss, .testError, .squaredChange,
  ]

  @Test("full-batch square loss: what the noise adds, through the spectrum", arguments: [0.5, 2])
  func spectrum(alpha: Double) throws {
    let (delta, decay, rate, sigma) = (0.5, 0.1, 0.2, 0.7)
    var problem = Setup(
      data: TwoClusters(variance: delta), samplesPerWeight: alpha, loss: SquareLoss(),
      weightDecay: decay, start: Start(variance: 0.5, overlap: [[0.2]]), learningRate: rate,
      steps: 20)
    let still = try MeanFieldSolver(problem, keepKernels: true).solve()
    problem.weightNoise = WeightNoise(sigma: sigma)
    let noisy = try MeanFieldSolver(problem, keepKernels: true).solve()
    let (a, b) = (try #require(still.kernels), try #require(noisy.kernels))
    // [limit.weightnoise]
    let strength = delta * sigma * sigma
    let spectrum = DataSpectrum(alpha: alpha, variance: delta)
    for t in [0, 1, 5, 20] {
      let p = { (x: Double, n: Int) in pow(1 - rate * (decay + x), Double(n)) }
      for s in [t / 2, t] {
        let added = spectrum.bulk { x in
          (0..<s).reduce(0.0) { $0 + x * p(x, t - 1 - $1) * p(x, s - 1 - $1) }
        }
        let found = b.correlation[t, s, 0, 0] - a.correlation[t, s, 0, 0]
        #expect(abs(found - rate * rate * strength * added) < 1e-9, "C(\(t), \(s))")
      }
      let added = spectrum.bulk { x in
        (0..<t).reduce(0.0) { $0 + x * x * p(x, t - 1 - $1) * p(x, t - 1 - $1) }
      }
      let losses = [still, noisy].map { $0.curve(.trainingLoss).estimates[t].value }
      let exact = 0.5 * strength * (1 + rate * rate / alpha * added)
      #expect(abs(losses[1] - losses[0] - exact) < 1e-9, "training loss at \(t)")
      let means = [still, noisy].map { $0.curve(.magnetisation).estimates[t].value }
      #expect(abs(means[1] - means[0]) < 1e-12)
    }
  }

  @Test(
    "the sampled site is the closed one to 1e-5",
    arguments: [0, 1, 2], [TwoClusters(variance: 0.5) as any DataModel, LinearTeacher(noise: 0.3)])
  func sampled(mask: Int, data: any DataModel) throws {
    // Persistent masks with a teacher are sampled with plain kicks: errors of their own.
    guard mask < 2 || data.teacher == nil else { return }
    var problem = Cases.square(
      steps: 25, sampleMask: Cases.sampleMasks[mask], weightMask: IndependentMask(density: 0.6))
    problem.data = data
    problem.learningRate = 0.1
    problem.weightNoise = WeightNoise(sigma: 0.7)
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 2000, batches: 4, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in Self.observables {
      for (a, b) in zip(exact.curve(observable).estimates, sampled.curve(observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-5, "\(observable): \(a) against \(b)")
      }
    }
  }

  @Test("tangent and Stein responses agree with noise")
  func responses() throws {
    var problem = Cases.logistic(
      steps: 12, sampleMask: IndependentMask(density: 0.4), trajectories: 1000, batches: 16)
    problem.weightNoise = WeightNoise(sigma: 1)
    let stein = try MeanFieldSolver(problem, keepKernels: true).solve()
    problem.theory.response = .tangent
    problem.theory.sampling.seed = 7
    let tangent = try MeanFieldSolver(problem, keepKernels: true).solve()
    let (a, b) = (try #require(stein.kernels), try #require(tangent.kernels))
    let (x, y) = (try #require(stein.kernelErrors), try #require(tangent.kernelErrors))
    for t in 0..<12 {
      for s in 0...t {
        // The nugget makes the inverse well conditioned: single entries are good as well.
        let (u, v) = (x.gradientResponse[t, s, 0, 0], y.gradientResponse[t, s, 0, 0])
        let joint = (u * u + v * v).squareRoot()
        let difference = a.gradientResponse[t, s, 0, 0] - b.gradientResponse[t, s, 0, 0]
        #expect(abs(difference) < 6 * joint + 1e-3, "chi(\(t), \(s))")
        #expect(joint < 0.02)
      }
    }
  }

  // MARK: Test quantities

  private func problem(
    _ data: any DataModel, network: any Network = Perceptron(), loss: any Loss = SquareLoss(),
    noise: WeightNoise
  ) -> Setup {
    Setup(
      data: data, samplesPerWeight: 2, network: network, loss: loss,
      start: Start(
        variance: 0.5,
        overlap: Array(
          repeating: Array(repeating: 0.3, count: data.signalDirections),
          count: network.hiddenUnits)), learningRate: 0.1, steps: 1, weightNoise: noise)
  }

  @Test("fresh samples pass noisy weights: loss and error by hand")
  func testQuantities() {
    let noise = WeightNoise(sigma: 0.5)
    let (m, c) = (0.6, 1.1)
    let two = TestQuantities(problem(TwoClusters(variance: 0.5), noise: noise)).evaluate(
      overlaps: [[m]], covariance: [c])
    #expect(abs(two.loss.value - 0.5 * ((1 - m) * (1 - m) + 0.5 * (c + 0.25))) < 1e-12)
    #expect(abs(two.error.value - 0.5 * erfc(m / (2 * 0.5 * (c + 0.25)).squareRoot())) < 1e-12)
    let teacher = TestQuantities(problem(LinearTeacher(noise: 0.3), noise: noise)).evaluate(
      overlaps: [[m]], covariance: [c])
    #expect(abs(teacher.loss.value - 0.5 * (c + 0.25 - 2 * m + 1 + 0.09)) < 1e-12)
    let cosine = m / ((c + 0.25) * 1.09).squareRoot()
    #expect(abs(teacher.error.value - acos(cosine) / .pi) < 1e-12)
  }

  @Test("several hidden units have noise of their own")
  func severalUnits() {
    let network = Committee(activation: .softplus, readout: [1, -1])
    let data = TwoClusters(variance: 0.5)
    let found = TestQuantities(problem(data, network: network, noise: WeightNoise(sigma: 0.8)))
      .evaluate(overlaps: [[0.4], [0.1]], covariance: [1, 0.3, 0.3, 0.9])
    let expected = TestQuantities(problem(data, network: network, noise: WeightNoise()))
      .evaluate(overlaps: [[0.4], [0.1]], covariance: [1.64, 0.3, 0.3, 1.54])
    #expect(abs(found.loss.value - expected.loss.value) < 1e-12)
    #expect(abs(found.error.value - expected.error.value) < 1e-12)
  }

  // MARK: The optimum

  /// σ* of square loss and perceptron is the minimum of α L(σ) + c σ^-ρ. `[observable.weightnoise]`
  @Test("the optimum is where loss and cost balance: a scan of σ", arguments: [1, 2, 3.5])
  func scan(exponent: Double) throws {
    let (alpha, delta, c) = (2.0, 0.5, 0.04)
    func total(_ sigma: Double) -> Double {
      let noise = WeightNoise(sigma: sigma, reliabilityCost: c, exponent: exponent)
      let loss = TestQuantities(problem(TwoClusters(variance: delta), noise: noise)).evaluate(
        overlaps: [[0.3]], covariance: [0.9]
      ).loss.value
      return alpha * loss + noise.costPerStep(at: sigma)
    }
    let noise = WeightNoise(reliabilityCost: c, exponent: exponent)
    let best = noise.optimum(curvature: alpha * delta)
    let grid = (1...4000).map { Double($0) * 5e-4 }
    let found = try #require(grid.min { total($0) < total($1) })
    #expect(abs(found - best) <= 5e-4)
    let step = 1e-4
    #expect(abs(total(best + step) - total(best - step)) / (2 * step) < 1e-6)
  }

  /// ∂(α E[Λ])/∂σ = σ H(σ) for any loss, H at the noisy fields (heat equation): at t = 0 a training
  /// sample is a fresh one, and σ* gives H = c ρ/σ*^(ρ+2).
  @Test("the curvature is the derivative of the loss by σ²")
  func heatEquation() throws {
    func solve(_ sigma: Double, _ data: any DataModel, _ network: any Network) throws -> Solution {
      var problem = problem(
        data, network: network, loss: LogisticLoss(),
        noise: WeightNoise(sigma: sigma, reliabilityCost: 0.3, exponent: 1.5))
      problem.theory = TheorySettings(trajectories: 40000, batches: 8)
      return try MeanFieldSolver(problem).solve()
    }
    let (sigma, step) = (0.9, 0.05)
    for (data, network) in [
      (TwoClusters(variance: 0.5) as any DataModel, Perceptron() as any Network),
      (LinearTeacher(labels: .sign), Perceptron()),
      (ThreeClusters(variance: 0.4), Door(width: 0.4)),
    ] {
      let optimum = try solve(sigma, data, network).curve(.optimalWeightNoise).estimates[0]
      let losses = try [sigma - step, sigma + step].map {
        try solve($0, data, network).curve(.testLoss).estimates[0].value
      }
      let curvature = 2 * (losses[1] - losses[0]) / (2 * step) / sigma
      let expected = pow(0.3 * 1.5 / curvature, 1 / 3.5)
      // The central difference is good to step².
      #expect(abs(optimum.value - expected) < 5 * optimum.standardError + 1e-3)
    }
  }

  @Test("recorded at every step where reliability has a price; the cost adds up")
  func recorded() throws {
    var problem = Cases.square(steps: 5, sampleMask: IndependentMask(density: 0.4))
    problem.weightNoise = WeightNoise(sigma: 0.5, reliabilityCost: 0.01)
    for sites in [TheorySettings.Sites.auto, .ensemble] {
      problem.theory = TheorySettings(trajectories: 1000, batches: 2, sites: sites)
      let solution = try MeanFieldSolver(problem).solve()
      let optimum = pow(0.01 * 2 / (2 * 0.5), 0.25)  // H = α Δ
      for (t, cost) in solution.curve(.reliabilityCost).estimates.enumerated() {
        #expect(abs(cost.value - 0.04 * Double(t)) < 1e-12)
        let found = solution.curve(.optimalWeightNoise).estimates[t].value
        #expect(abs(found - optimum) < 1e-12)
      }
    }
    problem.weightNoise = WeightNoise(reliabilityCost: 0.01)
    let still = try MeanFieldSolver(problem).solve().curves.map(\.observable)
    #expect(still.contains(.optimalWeightNoise) && !still.contains(.reliabilityCost))
    problem.weightNoise = WeightNoise(sigma: 0.1)
    let free = try MeanFieldSolver(problem).solve().curves.map(\.observable)
    #expect(!free.contains(.optimalWeightNoise) && !free.contains(.reliabilityCost))
    #expect(WeightNoise(reliabilityCost: 1).optimum(curvature: -1) == .infinity)
  }
}
