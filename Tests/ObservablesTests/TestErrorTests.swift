import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

/// Test quantities with a known answer. `[observable.testerror]` `[observable.testloss]`
@Suite("Exact limit: test quantities")
struct TestErrorTests {
  private static let unequal = Mixture(
    clusters: [
      Cluster(probability: 0.3, centre: [1], label: 1, variance: 0.2),
      Cluster(probability: 0.5, centre: [-0.6], label: -1, variance: 1.3),
      Cluster(probability: 0.2, centre: [0.4], label: 1, variance: 0.7),
    ])

  private func problem(_ network: any Network, _ data: Mixture = unequal) -> Setup {
    Setup(
      data: data, samplesPerWeight: 1, network: network,
      start: Start(
        variance: 1,
        overlap: (0..<network.hiddenUnits).map { _ in
          Array(repeating: 0, count: data.signalDirections)
        }),
      learningRate: 0.1, steps: 1)
  }

  /// P(y h < 0) of a field with overlap m and C = c.
  private func error(_ m: Double, _ c: Double) -> Double {
    Self.unequal.clusters.reduce(0) { sum, cluster in
      let mean = cluster.label * cluster.centre[0] * m
      let deviation = (cluster.variance * c).squareRoot()
      return sum + cluster.probability
        * (deviation > 0
          ? NormalDistribution.cumulative(-mean / deviation) : mean < 0 ? 1 : mean == 0 ? 0.5 : 0)
    }
  }

  /// E max(0, 1 - x) = (1 - m) Φ((1 - m)/s) + s φ((1 - m)/s): the rule for smooth losses misses the
  /// kink.
  @Test("hinge: the loss of a fresh sample in closed form", arguments: [0.03, 0.5, 4, 900])
  func hinge(norm: Double) {
    var problem = problem(Perceptron())
    problem.loss = HingeLoss()
    let m = 0.7
    let expected = Self.unequal.clusters.reduce(0) { sum, cluster in
      let gap = 1 - cluster.label * cluster.centre[0] * m
      let s = (cluster.variance * norm).squareRoot()
      return sum + cluster.probability
        * (gap * NormalDistribution.cumulative(gap / s) + s * NormalDistribution.density(gap / s))
    }
    let found = TestQuantities(problem).evaluate(overlaps: [[m]], covariance: [norm]).loss
    #expect(abs(found.value - expected) < 1e-11 * max(1, expected))
  }

  /// Wide fields: log(1 + e^-x) is max(0, -x) but for a bend of weight π²/6 in x, of small width.
  @Test("logistic: the loss of wide fields")
  func wideFields() {
    let (m, norm) = (0.7, 1e8)
    var expected = 0.0
    for cluster in Self.unequal.clusters {
      let mean = cluster.label * cluster.centre[0] * m
      let s = (cluster.variance * norm).squareRoot()
      let density = NormalDistribution.density(mean / s)
      let wrong = NormalDistribution.cumulative(-mean / s)
      let bend: Double = .pi * .pi / 6 * density / s
      expected += cluster.probability * (s * density - mean * wrong + bend)
    }
    let found = TestQuantities(problem(Perceptron()))
      .evaluate(overlaps: [[m]], covariance: [norm]).loss
    #expect(abs(found.value - expected) < 1e-7 * expected)
  }

  /// h_1 - h_2 is the field of a perceptron, singular or not. `[network.softmax]`
  @Test(
    "two classes of fields err like a perceptron",
    arguments: [
      ([0.7, -0.2], [0.9, 0.3, 0.5]), ([0.3, -0.3], [0.4, -0.4, 0.4]), ([0.3, -0.3], [1, 1, 1]),
      ([0.2, 0.5], [0.8, 0.6, 0.7]), ([0, 0], [0.4, -0.4, 0.4]), ([0.1, -0.6], [0, 0, 0]),
      ([0, 0], [0, 0, 0]), ([-0.4, 0.3], [1e-4, 0, 2]), ([0.02, 0], [0.5, 0.1, 0.5]),
      ([0.001, 0], [0.7, 0.2, 0.4]), ([-0.4, 0.1], [1, 1, 1]),
    ])
  func twoClasses(m: [Double], c: [Double]) {
    let found = TestQuantities(problem(Softmax(outputs: 2))).evaluate(
      overlaps: m.map { [$0] }, covariance: [c[0], c[1], c[1], c[2]])
    let spread = max(c[0] + c[2] - 2 * c[1], 0)
    #expect(abs(found.error.value - error(m[0] - m[1], spread)) < 1e-11)
    let perceptron = TestQuantities(problem(Perceptron())).evaluate(
      overlaps: [[m[0] - m[1]]], covariance: [spread])
    #expect(abs(found.error.value - perceptron.error.value) < 1e-11)
    #expect(abs(found.loss.value - perceptron.loss.value) < 1e-11)
  }

  @Test("three fields, by points: two of them decide")
  func points() {
    // The third class is far below, its overlap a constant of no variance.
    let data = Mixture(
      clusters: [
        Cluster(probability: 0.6, centre: [1, 1], label: 1, variance: 0.1),
        Cluster(probability: 0.4, centre: [-0.5, 1], label: 2, variance: 1.5),
      ])
    let found = TestQuantities(problem(Softmax(outputs: 3), data)).evaluate(
      overlaps: [[0.5, 0], [-0.3, 0], [0, -60]], covariance: [1, 0.2, 0, 0.2, 0.7, 0, 0, 0, 0])
    let expected = [(0.6, 0.8, 0.1), (0.4, 0.4, 1.5)].reduce(0) {
      $0 + $1.0 * NormalDistribution.cumulative(-$1.1 / ($1.2 * 1.3).squareRoot())
    }
    #expect(abs(found.error.value - expected) < 5 * found.error.standardError + 1e-6)
    #expect(found.error.standardError < 2e-3)
  }

  /// f = h² of one quadratic unit is never negative; f = 0 everywhere is a guess.
  @Test("one unit: the law of the line is that of the field")
  func oneUnit() {
    let quadratic = TestQuantities(problem(Committee(activation: .quadratic, readout: [1])))
    #expect(
      abs(quadratic.evaluate(overlaps: [[0.4]], covariance: [0.8]).error.value - 0.5) < 1e-12)
    let silent = TestQuantities(problem(Committee(activation: .erf, readout: [0])))
    #expect(silent.evaluate(overlaps: [[0.4]], covariance: [0.8]).error.value == 0.5)
    let silentPair = TestQuantities(problem(Committee(activation: .erf, readout: [0, 0])))
    let guess = silentPair.evaluate(overlaps: [[0.4], [0.2]], covariance: [1, 0, 0, 1])
    #expect(abs(guess.error.value - 0.5) < 1e-12)
    // erf: signs as those of a perceptron, found along the line.
    let perceptron = TestQuantities(problem(Perceptron()))
    for (m, c) in [(0.4, 0.8), (-1, 0.3)] {
      let exact = perceptron.evaluate(overlaps: [[m]], covariance: [c]).error.value
      #expect(abs(exact - error(m, c)) < 1e-12)
      let erf = TestQuantities(problem(Committee(activation: .erf, readout: [0.3])))
      #expect(abs(erf.evaluate(overlaps: [[m]], covariance: [c]).error.value - exact) < 1e-9)
    }
  }
}
