import LearningProblem
import Limits
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// One-pass learning against closed forms and the march.
struct OnePassTests {
  // MARK: one step

  /// The first step is that of the march, whose samples are fresh as well. `[limit.step]`
  @Test func firstStep() throws {
    let square = try OnePassCases.curves(OnePassCases.masked(SquareLoss()))
    #expect(abs(square.named(.magnetisation).estimates[1].value - 0.407) < 1e-12)
    #expect(abs(square.named(.norm).estimates[1].value - 0.673098) < 1e-12)
    let logistic = try OnePassCases.curves(OnePassCases.masked(LogisticLoss()))
    #expect(abs(logistic.named(.magnetisation).estimates[1].value - 0.3259436136) < 1e-9)
    #expect(abs(logistic.named(.norm).estimates[1].value - 0.5993876496) < 1e-9)
    let march = try MeanFieldSolver(OnePassCases.masked(SquareLoss())).solve()
    for observable in [Observable.magnetisation, .norm, .testLoss, .testError] {
      #expect(OnePassCases.distance(square.named(observable), march.curve(observable)) < 1e-11)
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
    let exact = try OnePassCases.curves(problem)
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
    let found = try OnePassCases.curves(OnePassCases.masked(SquareLoss(), steps: 20, noise: noise))
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
    let found = try OnePassCases.curves(problem)
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
    let found = try OnePassCases.curves(problem)
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
    var problem = OnePassCases.masked(HingeLoss(), steps: 6)
    problem.weightMask = FullMask()
    let found = try OnePassCases.curves(problem)
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
    let fields = try OnePassCases.curves(pair, presentation)
    let single = try OnePassCases.curves(one, presentation)
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
    let pair = try OnePassCases.curves(problem(2))
    let more = try OnePassCases.curves(problem(units))
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
      var problem = OnePassCases.masked(LogisticLoss())
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
    var problem = OnePassCases.masked(SquareLoss(), steps: 200)
    problem.learningRate = 20
    #expect(throws: SolverError.self) { try OnePassCases.curves(problem, presentation) }
  }
}
