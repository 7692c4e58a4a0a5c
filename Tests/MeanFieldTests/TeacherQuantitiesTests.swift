import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

/// Test loss and error with a teacher, at given m and C. `[observable.teacher]`
@Suite("Test quantities of a teacher")
struct TeacherQuantitiesTests {
  private let m = 0.6
  private let norm = 1.1

  private func evaluate(
    _ data: LinearTeacher, network: any Network = Perceptron(), loss: any Loss = SquareLoss(),
    overlaps: [[Double]]? = nil, covariance: [Double]? = nil
  ) -> (loss: Estimate, error: Estimate) {
    let problem = Setup(
      data: data, samplesPerWeight: 1, network: network, loss: loss,
      start: Start(variance: 1, overlap: Array(repeating: [0], count: network.hiddenUnits)),
      learningRate: 0.1, steps: 1)
    return TestQuantities(problem).evaluate(
      overlaps: overlaps ?? [[m]], covariance: covariance ?? [norm])
  }

  @Test("regression, square loss: (C - 2m + 1 + noise²)/2 and the angle between h and y")
  func regression() {
    for noise in [0, 0.3, 2] {
      let found = evaluate(LinearTeacher(noise: noise))
      #expect(abs(found.loss.value - 0.5 * (norm - 2 * m + 1 + noise * noise)) < 1e-12)
      let cosine = m / (norm * (1 + noise * noise)).squareRoot()
      #expect(abs(found.error.value - acos(cosine) / .pi) < 1e-12)
    }
  }

  @Test("signs: arccos(m/√C)/π, and E[(h - y)²]/2 with E[h y] = √(2/π) m")
  func signs() {
    let found = evaluate(LinearTeacher(labels: .sign))
    #expect(abs(found.error.value - acos(m / norm.squareRoot()) / .pi) < 1e-12)
    let exact = 0.5 * (norm - 2 * (2 / Double.pi).squareRoot() * m + 1)
    #expect(abs(found.loss.value - exact) < 1e-10)
  }

  @Test("no weights and the teacher itself")
  func limits() {
    let sign = LinearTeacher(labels: .sign)
    let none = evaluate(sign, loss: LogisticLoss(), overlaps: [[0]], covariance: [0])
    #expect(abs(none.loss.value - log(2)) < 1e-12 && none.error.value == 0.5)
    let found = evaluate(sign, loss: LogisticLoss(), overlaps: [[2]], covariance: [4])
    // E[log(1 + exp(-2|ν|))].
    let exact =
      2
      * Integration.integral(from: 0, to: 9) { nu in
        log1p(exp(-2 * nu)) * exp(-0.5 * nu * nu) / (2 * Double.pi).squareRoot()
      }
    #expect(abs(found.loss.value - exact) < 1e-6 && found.error.value == 0)
    let noisy = evaluate(LinearTeacher(noise: 0.5), overlaps: [[1]], covariance: [1])
    #expect(abs(noisy.loss.value - 0.125) < 1e-12)
    #expect(abs(noisy.error.value - atan(0.5) / .pi) < 1e-12)
  }

  /// The mean of f(y, h) over ν, ξ and z, each by a rule of its own.
  private func average(
    _ teacher: Teacher, _ f: (Double, Double) -> Double
  ) -> Double {
    let hermite = Quadrature.standardNormal(order: 100)
    let spread = (norm - m * m).squareRoot()
    var sum = 0.0
    for side in [-1.0, 1] {
      sum += Integration.integral(from: 0, to: 9, tolerance: 1e-9) { distance in
        let nu = side * distance
        var inner = 0.0
        for (xi, weight) in zip(hermite.nodes, hermite.weights) {
          guard teacher.noise > 0 || xi == hermite.nodes[0] else { continue }
          for (z, share) in zip(hermite.nodes, hermite.weights) {
            inner +=
              (teacher.noise > 0 ? weight : 1) * share
              * f(teacher.label(signal: nu, noise: xi), m * nu + spread * z)
          }
        }
        return inner * exp(-0.5 * nu * nu) / (2 * Double.pi).squareRoot()
      }
    }
    return sum
  }

  @Test("logistic loss against a threefold integral", arguments: [0, 0.7])
  func logistic(noise: Double) throws {
    let data = noise == 0 ? LinearTeacher(labels: .sign) : LinearTeacher(noise: noise)
    let teacher = try #require(data.teacher)
    let exact = average(teacher) { LogisticLoss().evaluate(label: $0, output: $1).value }
    #expect(abs(evaluate(data, loss: LogisticLoss()).loss.value - exact) < 1e-7)
  }

  /// A step at a > 0 for which h → -h is no symmetry: f < 0 below a.
  private struct Threshold: OutputNetwork {
    static let kind = "threshold"
    static let summary = "f(h) = h - 1/2"
    static let parameters: [Parameter] = []
    let hiddenUnits = 1
    let decisionBoundaries: (thresholds: [Double], signBelow: Double)? = ([0.5], -1)
    init() {}
    init(from section: Section) throws { self.init() }
    func evaluate(
      _ fields: Span<Double>, readout: Span<Double>, gradient: inout MutableSpan<Double>,
      hessian: inout MutableSpan<Double>, readoutGradient: inout MutableSpan<Double>
    ) -> Double {
      gradient[0] = 1
      hessian[0] = 0
      return fields[0] - 0.5
    }
    func output(_ fields: Span<Double>, readout: Span<Double>) -> Double { fields[0] - 0.5 }
  }

  @Test("error between other boundaries: the door does not see the sign; a shifted step")
  func boundaries() {
    for data in [LinearTeacher(labels: .sign), LinearTeacher(noise: 0.4)] {
      #expect(abs(evaluate(data, network: Door(width: 0.7)).error.value - 0.5) < 1e-10)
      let noise = data.teacher?.noise ?? 0
      // P(y < 0, h > 1/2) + P(y > 0, h < 1/2), h given the normal ν + noise ξ = s.
      let square = 1 + noise * noise
      let spread = (norm - m * m / square).squareRoot()
      let exact = [-1.0, 1].reduce(0) { sum, side in
        sum
          + Integration.integral(from: 0, to: 9) { distance in
            let s = side * distance * square.squareRoot()
            let margin = (0.5 - m * s / square) / spread
            return NormalDistribution.cumulative(side * margin) * exp(-0.5 * distance * distance)
              / (2 * Double.pi).squareRoot()
          }
      }
      #expect(abs(evaluate(data, network: Threshold()).error.value - exact) < 1e-9)
    }
  }

  @Test("several hidden units: two linear ones are one", arguments: [0, 0.7])
  func severalUnits(noise: Double) {
    let data = noise == 0 ? LinearTeacher(labels: .sign) : LinearTeacher(noise: noise)
    let (a, b) = (0.6, 0.8)
    let two = evaluate(
      data, network: LinearUnits(), loss: LogisticLoss(), overlaps: [[0.7], [0.3]],
      covariance: [1.2, 0.5, 0.5, 0.9])
    let one = evaluate(
      data, loss: LogisticLoss(), overlaps: [[a * 0.7 + b * 0.3]],
      covariance: [a * a * 1.2 + 2 * a * b * 0.5 + b * b * 0.9])
    #expect(abs(two.loss.value - one.loss.value) < 5 * two.loss.standardError)
    #expect(abs(two.error.value - one.error.value) < 5 * two.error.standardError)
    #expect(max(two.loss.standardError, two.error.standardError) < 3e-3)
  }
}
