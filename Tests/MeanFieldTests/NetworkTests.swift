import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Several outputs, learned readouts, mixtures and test quantities in the theory.
@Suite("Networks")
struct NetworkTests {
  /// Two classes on the fields are logistic regression on h_1 - h_2. `[network.softmax]`
  ///
  /// u = (w_1 - w_2)/√2 obeys the perceptron with inputs √2 as large; what is orthogonal only
  /// decays.
  @Test("softmax of two fields is a perceptron")
  func twoClasses() throws {
    var softmax = Cases.logistic(steps: 12, sampleMask: IndependentMask(density: 0.5))
    softmax.network = Softmax(outputs: 2)
    softmax.loss = CrossEntropyLoss()
    softmax.start = Start(variance: 0.3, overlap: [[0.2], [-0.2]])
    var perceptron = Cases.logistic(steps: 12, sampleMask: IndependentMask(density: 0.5))
    // h = h_1 - h_2 = √2 u·x: a field of inputs with B √2 and variance 2Δ.
    perceptron.data = Mixture(
      clusters: [1.0, -1].map {
        Cluster(probability: 0.5, centre: [$0 * 2.0.squareRoot()], label: $0, variance: 1)
      })
    perceptron.start = Start(variance: 0.3, overlap: [[0.2 * 2.0.squareRoot()]])
    let two = try MeanFieldSolver(softmax).solve()
    let one = try MeanFieldSolver(perceptron).solve()
    func m(_ k: Int) -> [Estimate] { two.curve(.magnetisation(k, 0, single: false)).estimates }
    for t in 0...12 {
      let u = (m(0)[t].value - m(1)[t].value) / 2.0.squareRoot()
      let exact = one.curve(.magnetisation).estimates[t]
      #expect(abs(u - exact.value) < 6 * (exact.standardError + m(0)[t].standardError) + 1e-9)
      for observable in [Observable.trainingLoss, .testLoss, .trainingError, .testError] {
        let (a, b) = (two.curve(observable).estimates[t], one.curve(observable).estimates[t])
        #expect(
          abs(a.value - b.value) < 6 * (a.standardError + b.standardError) + 1e-6,
          "\(observable): \(a), \(b)")
      }
    }
  }

  /// a(1) = a(0) - η_a b σ E[∂Λ/∂a], a threefold Gaussian average at t = 0. `[network.readout]`
  @Test("first step of a learned readout")
  func readout() throws {
    var problem = Cases.logistic(
      steps: 2, sampleMask: IndependentMask(density: 0.4), trajectories: 8000)
    problem.network = Committee(
      activation: .softplus, readout: [0.7, -0.4], readoutLearningRate: 0.5)
    problem.start = Start(variance: 0.3, overlap: [[0.4], [-0.1]])
    problem.gradientScale = .mean
    let rule = Quadrature.standardNormal(order: 60)
    let c = [0.3 + 0.16, -0.04, 0.3 + 0.01]
    let factor = [c[0].squareRoot(), c[1] / c[0].squareRoot()]
    let rest = (c[2] - factor[1] * factor[1]).squareRoot()
    var gradient = [0.0, 0]
    for label in [1.0, -1] {
      for (z, a) in zip(rule.nodes, rule.weights) {
        for (y, b) in zip(rule.nodes, rule.weights) {
          let h = [
            label * 0.4 + 0.5.squareRoot() * factor[0] * z,
            -label * 0.1 + 0.5.squareRoot() * (factor[1] * z + rest * y),
          ]
          let phi = h.map { log1p(exp($0)) }
          let output = 0.7 * phi[0] - 0.4 * phi[1]
          let slope = -label / (1 + exp(label * output))
          for k in 0...1 { gradient[k] += 0.5 * a * b * slope * phi[k] }
        }
      }
    }
    let solution = try MeanFieldSolver(problem).solve()
    for (k, start) in [0.7, -0.4].enumerated() {
      let curve = solution.curve(.readout(0, k, outputs: 1)).estimates
      #expect(curve[0].value == start)
      let expected = start - 0.5 * gradient[k]
      #expect(abs(curve[1].value - expected) < 5 * curve[1].standardError + 1e-5)
      #expect(curve[1].standardError < 1e-3)
    }
    // Units that do not learn keep their readout.
    problem.weightMask = RowMask(density: 0.5, period: nil, seed: 5)
    let learns = LearningUnits(problem).isOn(step: 0, power: [])
    #expect(Set(learns).count == 2)
    let masked = try MeanFieldSolver(problem).solve()
    for k in 0...1 {
      let curve = masked.curve(.readout(0, k, outputs: 1)).estimates
      #expect((curve[2].value == curve[0].value) == !learns[k])
    }
  }

  /// Unequal variances: one step of the square loss by hand. `[limit.step]`
  @Test("a mixture of unequal variances, one step by hand")
  func mixture() throws {
    let clusters = [(0.2, 1.5, 1.0, 0.3), (0.5, -0.5, -1.0, 0.9), (0.3, 0.4, 1.0, 0.1)].map {
      Cluster(probability: $0.0, centre: [$0.1], label: $0.2, variance: $0.3)
    }
    let (alpha, lambda, eta, c, m) = (2.0, 0.1, 0.3, 0.54, 0.2)
    let problem = Setup(
      data: Mixture(clusters: clusters), samplesPerWeight: alpha, loss: SquareLoss(),
      weightDecay: lambda, start: Start(variance: 0.5, overlap: [[m]]), learningRate: eta,
      steps: 1, theory: TheorySettings(trajectories: 4000, batches: 4))
    var (mu, s, pull, loss) = (0.0, 0.0, lambda, 0.0)
    for cluster in clusters {
      let (pi, delta) = (cluster.probability, cluster.variance)
      let bias = cluster.centre[0] * m - cluster.label
      mu += alpha * pi * cluster.centre[0] * bias
      s += alpha * pi * delta * (bias * bias + delta * c)
      pull += alpha * pi * delta
      loss += 0.5 * pi * (bias * bias + delta * c)
    }
    let solution = try MeanFieldSolver(problem).solve()
    #expect(solution.diagnostics.sampleSite == "ensemble")
    let norm =
      c - 2 * eta * (pull * c + mu * m)
      + eta * eta * (pull * pull * c + 2 * pull * mu * m + mu * mu + s)
    let expected: [(Observable, Int, Double)] = [
      (.magnetisation, 1, m - eta * (pull * m + mu)), (.norm, 1, norm),
      (.trainingLoss, 0, loss), (.testLoss, 0, loss),
    ]
    for (observable, t, value) in expected {
      let found = solution.curve(observable).estimates[t]
      #expect(
        abs(found.value - value) < 6 * found.standardError + 1e-9, "\(observable): \(found)")
    }
  }

  /// Test quantities of one and two units against others that know more. `[observable.testerror]`
  @Test("test error of units with a known answer")
  func testErrors() {
    // h² - L² as a quadratic committee of one unit with a threshold cannot be had; two quadratic
    // units on xor with opposite readouts: f = h_1² - h_2², wrong in a double wedge.
    let problem = Setup(
      data: Xor(separation: 1.5, variance: 0.3), samplesPerWeight: 1,
      network: Committee(activation: .quadratic, readout: [1, -1]),
      start: Start(variance: 1, overlap: [[0, 0], [0, 0]]), learningRate: 0.1, steps: 1)
    // w_1 = v_1, w_2 = v_2: h_1 = ±1.5 + √.3 z, h_2 = √.3 z'. |h_1| < |h_2| by rotation by π/4:
    // (h_1 - h_2)(h_1 + h_2) < 0 with independent factors of mean 1.5 and variance .6.
    let p = 0.5 * erfc(1.5 / (2 * 0.6).squareRoot())
    let quantities = TestQuantities(problem).evaluate(
      overlaps: [[1, 0], [0, 1]], covariance: [1, 0, 0, 1])
    #expect(abs(quantities.error.value - 2 * p * (1 - p)) < 1e-5)
    #expect(
      abs(quantities.error.value - 2 * p * (1 - p)) < 5 * quantities.error.standardError + 1e-9)
    // erf of one unit has the error of a perceptron.
    var one = Cases.logistic(steps: 1)
    let perceptron = TestQuantities(one).evaluate(overlaps: [[0.7]], covariance: [0.9])
    one.network = Committee(activation: .erf, readout: [2])
    let unit = TestQuantities(one).evaluate(overlaps: [[0.7]], covariance: [0.9])
    #expect(abs(unit.error.value - perceptron.error.value) < 1e-10)
    // Three classes at the corners of a symmetric mixture without overlap: all answers are guesses.
    var three = one
    three.data = Mixture(
      clusters: (1...3).map {
        Cluster(probability: 1.0 / 3, centre: [1], label: Double($0), variance: 0.5)
      })
    three.network = Softmax(outputs: 3)
    three.loss = CrossEntropyLoss()
    three.start = Start(variance: 1, overlap: [[0], [0], [0]])
    let guess = TestQuantities(three).evaluate(
      overlaps: [[0], [0], [0]], covariance: [1, 0, 0, 0, 1, 0, 0, 0, 1])
    #expect(abs(guess.error.value - 2.0 / 3) < 4 * guess.error.standardError + 1e-9)
    #expect(guess.error.standardError < 2e-3)
  }

  /// Four softplus units tell the clusters of xor apart, a perceptron cannot.
  @Test("a committee of four learns xor, a perceptron does not")
  func xor() throws {
    var problem = Setup(
      data: Xor(separation: 1.5, variance: 0.08), samplesPerWeight: 3,
      network: Committee(activation: .softplus, readout: [1, 1, -1, -1]), weightDecay: 0.02,
      start: Start(variance: 0.1, overlap: [[0.3, 0], [-0.3, 0], [0, 0.3], [0, -0.3]]),
      learningRate: 0.5, steps: 30, theory: TheorySettings(trajectories: 2000, batches: 2))
    let committee = try MeanFieldSolver(problem).solve().curve(.testError).estimates
    #expect(committee[0].value > 0.2 && committee[30].value < 0.01)
    problem.network = Perceptron()
    problem.start = Start(variance: 0.1, overlap: [[0.3, 0.1]])
    for estimate in try MeanFieldSolver(problem).solve().curve(.testError).estimates {
      #expect(abs(estimate.value - 0.5) < 1e-12)
    }
  }

  /// Gradients of a softmax of the fields sum to 0: C has a direction without noise, in which
  /// single precision once blew up (losses of 100 and more at step 25). `[sampling.orthogonal]`
  @Test("dependent gradients under mini-batches stay stable")
  func dependentGradients() throws {
    let clusters = [([1.5, 0], 0.5, 0.2), ([0, 1.5], 0.3, 0.6), ([-1, -1], 0.2, 1)]
    let problem = Setup(
      data: Mixture(
        clusters: clusters.enumerated().map { index, cluster in
          Cluster(
            probability: cluster.1, centre: cluster.0, label: Double(index + 1),
            variance: cluster.2)
        }),
      samplesPerWeight: 3, network: Softmax(outputs: 3), weightDecay: 0.05,
      start: Start(variance: 0.1, overlap: [[0, 0], [0, 0], [0, 0]]), learningRate: 0.4,
      steps: 25, sampleMask: IndependentMask(density: 0.5),
      theory: TheorySettings(trajectories: 2000, batches: 4))
    let closed = try MeanFieldSolver(problem).solve().curve(.trainingLoss).estimates[25]
    var both = problem
    both.theory.sites = .ensembleBoth
    let sampled = try MeanFieldSolver(both).solve().curve(.trainingLoss).estimates[25]
    #expect(closed.standardError < 0.005)
    #expect(abs(closed.value - sampled.value) < 0.01)
  }

  /// What no distribution of weights has: a negative square, or less change in all than in the end.
  @Test("inconsistent energies are told from consistent ones")
  func consistency() {
    var energy = WeightValues.zero
    #expect(energy.isConsistent)
    (energy[.absoluteChange], energy[.netChange], energy[.squaredChange]) = (1, 1, 0.5)
    #expect(energy.isConsistent)
    energy[.netChange] = 1.001
    #expect(!energy.isConsistent)
    energy[.netChange] = nil
    #expect(energy.isConsistent)
    energy[.squaredChange] = -1e-12
    #expect(!energy.isConsistent)
  }
}
