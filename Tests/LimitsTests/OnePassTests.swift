import Foundation
import LearningProblem
import Limits
import MeanField
import NumericalKit
import Observables
import Testing
import TestSupport

/// One-pass learning against closed forms, the march, and its own small-batch limit.
struct OnePassTests {
  /// The case of `[limit.step]`: λ 0.1, η 0.3, b 0.4, σ 2.5, p 0.5, R0 0.5, m0 0.2.
  private func masked(_ loss: any Loss, steps: Int = 1, noise: Double = 0) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.2]]), learningRate: 0.3, steps: steps,
      gradientScale: .mean, sampleMask: IndependentMask(density: 0.4),
      weightMask: IndependentMask(density: 0.5), weightNoise: WeightNoise(sigma: noise))
  }

  private func curves(
    _ problem: Setup, _ presentation: OnePass.Presentation = .batches
  ) throws -> [Curve] {
    try OnePass(problem).solve(presentation)
  }

  private func distance(_ a: Curve, _ b: Curve) -> Double {
    zip(a.estimates, b.estimates).map { abs($0.value - $1.value) }.max() ?? .infinity
  }

  // MARK: one step

  /// The first step is that of the march, whose samples are fresh as well. `[limit.step]`
  @Test func firstStep() throws {
    let square = try curves(masked(SquareLoss()))
    #expect(abs(square.named(.magnetisation).estimates[1].value - 0.407) < 1e-12)
    #expect(abs(square.named(.norm).estimates[1].value - 0.673098) < 1e-12)
    let logistic = try curves(masked(LogisticLoss()))
    #expect(abs(logistic.named(.magnetisation).estimates[1].value - 0.3259436136) < 1e-9)
    #expect(abs(logistic.named(.norm).estimates[1].value - 0.5993876496) < 1e-9)
    let march = try MeanFieldSolver(masked(SquareLoss())).solve()
    for observable in [Observable.magnetisation, .norm, .testLoss, .testError] {
      #expect(distance(square.named(observable), march.curve(observable)) < 1e-11)
    }
  }

  /// The first step of two hidden units under masks of weights and of inputs, a mixture with
  /// variances of its own and a learned readout, against the sampled march.
  @Test(arguments: [
    IndependentMask(density: 0.6) as any WeightMask, ColumnMask(density: 0.6), FullMask(),
  ])
  func firstStepOfACommittee(_ mask: any WeightMask) throws {
    let data = Mixture(clusters: [
      Cluster(probability: 0.3, centre: [1, 0.2], label: 1, variance: 0.5),
      Cluster(probability: 0.7, centre: [-0.4, 1], label: -1, variance: 0.8),
    ])
    let problem = Setup(
      data: data, samplesPerWeight: 1.5,
      network: Committee(activation: .erf, readout: [1, 0.5], readoutLearningRate: 0.3),
      weightDecay: 0.2, start: Start(variance: 0.4, overlap: [[0.3, 0], [0.1, -0.5]]),
      learningRate: 0.5, steps: 1, sampleMask: IndependentMask(density: 0.5), weightMask: mask,
      theory: TheorySettings(trajectories: 6000, batches: 8))
    let exact = try curves(problem)
    let march = try MeanFieldSolver(problem).solve()
    for curve in exact where curve.observable != .testError {
      let sampled = march.curve(curve.observable).estimates[1]
      let error = max(sampled.standardError, curve.estimates[1].standardError, 1e-12)
      #expect(
        abs(curve.estimates[1].value - sampled.value) < 5 * error, "\(curve.observable)")
      #expect(sampled.standardError < 0.004, "\(curve.observable)")
    }
  }

  // MARK: closed forms

  /// Square loss on two clusters: m and C by hand, with noisy weights and a mask. `[online.step]`
  @Test(arguments: [0, 0.7])
  func squareLoss(_ noise: Double) throws {
    let found = try curves(masked(SquareLoss(), steps: 20, noise: noise))
    let (lambda, eta, p, delta, batch, sigma) = (0.1, 0.3, 0.5, 0.5, 2 * 0.4 * 2.5, 2.5)
    var (m, c) = (0.2, 0.54)
    for t in 1...20 {
      let field = c + noise * noise
      let pull = lambda + batch * delta
      let mean = (pull * c + batch * (m - 1) * m, pull * m + batch * (m - 1))
      let power =
        pull * pull * c + 2 * pull * batch * (m - 1) * m + batch * batch * (m - 1) * (m - 1)
        + batch * sigma * delta * ((m - 1) * (m - 1) + delta * field)
      (m, c) = (m - eta * p * mean.1, c - 2 * eta * p * mean.0 + eta * eta * p * power)
      #expect(abs(found.named(.magnetisation).estimates[t].value - m) < 1e-12)
      #expect(abs(found.named(.norm).estimates[t].value - c) < 1e-12)
    }
  }

  /// Square loss and a teacher: chi acts on the part of w orthogonal to v. `[online.averages]`
  @Test func regression() throws {
    let problem = Setup(
      data: LinearTeacher(noise: 0.5), samplesPerWeight: 1.2, loss: SquareLoss(),
      weightDecay: 0.05, start: Start(variance: 0.3, overlap: [[0.1]]), learningRate: 0.2,
      steps: 15)
    let found = try curves(problem)
    var (m, c) = (0.1, 0.31)
    for t in 1...15 {
      // G = λ w + α (w - v) + noise of variance α E[(h - y)²].
      let pull = 0.05 + 1.2
      let power = pull * pull * c - 2 * pull * 1.2 * m + 1.44 + 1.2 * (c - 2 * m + 1 + 0.25)
      (m, c) = (
        m - 0.2 * (pull * m - 1.2), c - 0.4 * (pull * c - 1.2 * m) + 0.04 * power
      )
      #expect(abs(found.named(.magnetisation).estimates[t].value - m) < 1e-11)
      #expect(abs(found.named(.norm).estimates[t].value - c) < 1e-11)
    }
  }

  /// Signs of a teacher, square loss: y enters through E[ν y] = √(2/π) and y² = 1. Quasi-random
  /// points.
  @Test func signs() throws {
    let problem = Setup(
      data: LinearTeacher(labels: .sign), samplesPerWeight: 1.2, loss: SquareLoss(),
      start: Start(variance: 0.3, overlap: [[0.1]]), learningRate: 0.2, steps: 1)
    let c = (2 / Double.pi).squareRoot()
    let found = try curves(problem)
    let m = found.named(.magnetisation).estimates[1]
    #expect(abs(m.value - (0.1 - 0.24 * (0.1 - c))) < max(4 * m.standardError, 1e-6))
    #expect(m.standardError < 1e-3)
    let power = 1.44 * (0.31 - 2 * c * 0.1 + c * c) + 1.2 * (0.31 - 2 * c * 0.1 + 1)
    let norm = found.named(.norm).estimates[1]
    let exact = 0.31 - 0.48 * (0.31 - c * 0.1) + 0.04 * power
    #expect(abs(norm.value - exact) < max(4 * norm.standardError, 1e-6))
  }

  /// The hinge loss jumps; its averages are normal probabilities.
  @Test func hinge() throws {
    var problem = masked(HingeLoss(), steps: 6)
    problem.weightMask = FullMask()
    let found = try curves(problem)
    var (m, c) = (0.2, 0.54)
    for t in 1...6 {
      let width = (0.5 * c).squareRoot()
      let active = NormalDistribution.cumulative((1 - m) / width)
      let mu = -2 * active
      let pull = 0.1 + 2 * 0.5 * NormalDistribution.density((1 - m) / width) / width
      let power =
        pull * pull * c + 2 * pull * mu * m + mu * mu + 2 * 2.5 * 0.5 * active
      (m, c) = (
        m - 0.3 * (pull * m + mu), c - 0.6 * (pull * c + mu * m) + 0.09 * power
      )
      for (observable, value) in [(Observable.magnetisation, m), (.norm, c)] {
        let estimate = found.named(observable).estimates[t]
        #expect(estimate.standardError < 1e-3)
        #expect(abs(estimate.value - value) < max(4 * estimate.standardError, 1e-5))
      }
    }
  }

  /// Two classes of fields are a perceptron of w_1 - w_2 with twice the rate and half the decay.
  @Test(arguments: OnePass.Presentation.allCases)
  func twoClassesAreAPerceptron(_ presentation: OnePass.Presentation) throws {
    let pair = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, network: Softmax(outputs: 2),
      weightDecay: 0.1, start: Start(variance: 0.2, overlap: [[0.3], [0.1]]),
      learningRate: 0.15, steps: 5, weightMask: ColumnMask(density: 0.5))
    let one = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.05,
      start: Start(variance: 0.4, overlap: [[0.2]]), learningRate: 0.3, steps: 5,
      weightMask: IndependentMask(density: 0.5))
    let fields = try curves(pair, presentation)
    let single = try curves(one, presentation)
    func values(_ name: String) throws -> [Double] {
      try #require(fields.first { $0.observable.name == name }).estimates.map(\.value)
    }
    let (a, b) = (try values("magnetisation_11"), try values("magnetisation_21"))
    let (x, y, z) = (try values("norm_11"), try values("norm_22"), try values("norm_12"))
    for t in 0...5 {
      #expect(abs(a[t] - b[t] - single.named(.magnetisation).estimates[t].value) < 1e-8)
      #expect(abs(x[t] + y[t] - 2 * z[t] - single.named(.norm).estimates[t].value) < 1e-8)
    }
  }

  // MARK: the limit of small batches

  /// Square loss: m relaxes exponentially, C to the value at which noise and decay balance.
  /// `[online.flow]`
  @Test func squareLossFlow() throws {
    var problem = masked(SquareLoss(), steps: 60)
    let found = try curves(problem, .singleSamples)
    let (batch, sigma, delta, p, eta) = (2.0, 2.5, 0.5, 0.5, 0.3)
    let rate = 0.1 + batch * (1 + delta)
    let target = batch / rate
    for (t, estimate) in found.named(.magnetisation).estimates.enumerated() {
      let exact = target + (0.2 - target) * exp(-eta * p * rate * Double(t))
      #expect(abs(estimate.value - exact) < 1e-8)
      #expect(estimate.standardError < 1e-6)
    }
    problem.steps = 400
    let last = try #require(try curves(problem, .singleSamples).named(.norm).estimates.last)
    let noise = eta * sigma * delta * batch
    let balance =
      (2 * batch * (target - target * target) + noise * (target - 1) * (target - 1))
      / (2 * (0.1 + batch * delta) - noise * delta)
    #expect(abs(last.value - balance) < 1e-7)
  }

  /// A step cut into N batches, each with its share of the decay, is the flow up to O(1/N).
  @Test(arguments: [
    (Perceptron() as any Network, Start(variance: 0.1, overlap: [[0.1]])),
    (
      Committee(activation: .softplus, readout: [1, -0.5], readoutLearningRate: 0.3),
      Start(variance: 0.3, overlap: [[0.2], [-0.1]])
    ),
  ])
  func smallBatches(_ network: any Network, _ start: Start) throws {
    func problem(_ parts: Int) -> Setup {
      let network =
        network is Perceptron
        ? network
        : Committee(
          activation: .softplus, readout: [1, -0.5],
          readoutLearningRate: .constant(0.3 / Double(parts)))
      return Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2 / Double(parts), network: network,
        weightDecay: 0.1 / Double(parts), start: start, learningRate: 0.1, steps: 4 * parts,
        weightMask: IndependentMask(density: 0.7))
    }
    let flow = try curves(problem(1), .singleSamples)
    let errors = try [2, 4, 8].map { parts in
      let batches = try curves(problem(parts))
      return flow.filter { $0.observable != .testError }.map { curve in
        let end = batches.named(curve.observable).estimates.last?.value ?? .nan
        return abs(end - (curve.estimates.last?.value ?? .nan))
      }
    }
    for index in errors[0].indices {
      let orders = zip(errors, errors.dropFirst()).map { log2($0[index] / $1[index]) }
      #expect(orders.allSatisfy { abs($0 - 1) < 0.15 }, "\(orders)")
      #expect(errors[0][index] > 1e-5)
    }
  }

  /// Each step of a run with schedules is the first one of a run without them from where it is.
  /// `[online.step]` `[schedule.kinds]`
  @Test func schedules() throws {
    func line(_ first: Double, _ last: Double) -> Schedule {
      .varying(PiecewiseLinear(steps: [0, 4], values: [first, last]))
    }
    func problem(steps: Int, from state: [Double], _ now: (Schedule) -> Schedule) -> Setup {
      var setup = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
        network: Committee(
          activation: .softplus, readout: [state[2]], readoutLearningRate: now(line(0.3, 0.1))),
        start: Start(variance: state[1] - state[0] * state[0], overlap: [[state[0]]]),
        learningRate: 0.1, steps: steps, gradientScale: .mean,
        sampleMask: IndependentMask(density: now(line(0.2, 0.8))),
        weightMask: IndependentMask(density: now(line(0.9, 0.4))))
      setup.parts.timing = .steps(steps, learningRate: now(line(0.4, 0.1)))
      setup.parts.rule.weightDecay = now(line(0.1, 0.5))
      return setup
    }
    func states(_ problem: Setup) throws -> [[Double]] {
      let curves = try self.curves(problem)
      let observables = [Observable.magnetisation, .norm, .readout(0, 0, outputs: 1)]
      return (0...problem.grid.steps).map { step in
        observables.map { curves.named($0).estimates[step].value }
      }
    }
    let whole = problem(steps: 4, from: [0.2, 0.54, 1]) { $0 }
    let path = try states(whole)
    for step in 0..<4 {
      let alone = try states(
        problem(steps: 1, from: path[step]) { .constant($0.value(at: step, of: 4)) })
      for (x, y) in zip(path[step + 1], alone[1]) { #expect(abs(x - y) < 1e-12, "step \(step)") }
    }
    // 2 (.2 + .35 + .5 + .65)
    #expect(abs(try OnePass(whole).samplesPerWeight(step: 4) - 3.4) < 1e-12)
  }

  /// η → 0 at fixed η t: gradient descent on the population loss, with either presentation.
  @Test func populationFlow() throws {
    func last(_ eta: Double, _ presentation: OnePass.Presentation) throws -> Double {
      let problem = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.1,
        start: Start(variance: 0.1), learningRate: eta, steps: Int((2 / eta).rounded()))
      return try #require(try curves(problem, presentation).named(.testLoss).estimates.last).value
    }
    let gaps = try [0.1, 0.05, 0.025].map { eta in
      (try last(eta, .batches), try last(eta, .singleSamples))
    }
    // Both tend to one limit linearly in η.
    let limits = [2 * gaps[2].0 - gaps[1].0, 2 * gaps[2].1 - gaps[1].1]
    #expect(abs(limits[0] - limits[1]) < 2e-4)
    #expect(abs(gaps[0].0 - gaps[0].1) > 1e-3)
  }

  /// Units without a readout do not matter to the others, whose averages are then products in three
  /// or four dimensions instead of two: the error bars say how far these are off. Nothing is random
  /// here; twice the bar is what a bar of quadrature promises.
  @Test(arguments: [3, 4])
  func manyFields(_ units: Int) throws {
    func problem(_ units: Int) -> Setup {
      Setup(
        data: TwoClusters(variance: 2), samplesPerWeight: 2,
        network: Committee(activation: .softplus, readout: Array([1.0, -1, 0, 0].prefix(units))),
        start: Start(variance: 1.5, overlap: Array([[0.3], [-0.2], [0.1], [0]].prefix(units))),
        learningRate: 0.2, steps: 3)
    }
    let pair = try curves(problem(2))
    let more = try curves(problem(units))
    var bars: [Double] = []
    for name in ["magnetisation_11", "magnetisation_21", "norm_11", "norm_22", "norm_12"] {
      let exact = try #require(pair.first { $0.observable.name == name }?.estimates.last)
      let found = try #require(more.first { $0.observable.name == name }?.estimates.last)
      #expect(abs(found.value - exact.value) < 2 * found.standardError + 1e-9, "\(name)")
      #expect(found.standardError < 0.01, "\(name)")
      bars.append(found.standardError)
    }
    #expect(bars.allSatisfy { $0 > 1e-9 }, "\(bars)")
  }

  // MARK: errors

  @Test func refusals() {
    func problem(_ change: (inout Setup) -> Void) -> Setup {
      var problem = masked(LogisticLoss())
      change(&problem)
      return problem
    }
    let cases: [(Setup, String)] = [
      (
        problem { $0.sampleMask = PersistentMask(density: 0.4, correlation: 0.8) },
        "none comes back"
      ),
      (problem { $0.weightMask = FrozenMask(density: 0.4) }, "weight_mask frozen"),
      (problem { $0.weightMask = RowMask(density: 0.4) }, "weight_mask row"),
      (problem { $0.update = SignUpdate() }, "update sign"),
      (problem { $0.dropout = Dropout(inputs: 0.2) }, "dropout"),
    ]
    for (problem, text) in cases {
      do {
        _ = try OnePass(problem)
        Issue.record("accepted: \(text)")
      } catch {
        #expect("\(error)".contains(text) && "\(error)".contains("use "), "\(error)")
      }
    }
  }

  @Test(arguments: OnePass.Presentation.allCases)
  func divergence(_ presentation: OnePass.Presentation) throws {
    var problem = masked(SquareLoss(), steps: 200)
    problem.learningRate = 20
    #expect(throws: SolverError.self) { try curves(problem, presentation) }
  }
}
