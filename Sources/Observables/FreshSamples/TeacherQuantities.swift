internal import Foundation
internal import LearningProblem
internal import NumericalKit

/// Test loss and error with a teacher and one hidden unit. `[observable.teacher]`
///
/// A fresh sample has the field h = m ν + √V z with V = C - m².
struct TeacherQuantities: Sendable {
  private let teacher: Teacher
  private let decisionBoundaries: (thresholds: [Double], signBelow: Double)?
  /// The rule for averages over each of y and h; the loss is a smooth function of both.
  private let hermite = Quadrature.standardNormal(order: 64)

  /// Prepares the quadrature for a teacher and a network with the given sign changes.
  init(_ teacher: Teacher, _ decisionBoundaries: (thresholds: [Double], signBelow: Double)?) {
    self.teacher = teacher
    self.decisionBoundaries = decisionBoundaries
  }

  /// P(y f(h) < 0) of a fresh sample, for a network with known sign changes.
  func error(overlap: Double, variance: Double) -> Double {
    guard let (thresholds, signBelow) = decisionBoundaries else { return .nan }
    if thresholds == [0] {
      let error = TeacherField(
        teacher, onSignal: overlap, onRest: 0, deviation: variance.squareRoot()
      ).error
      return signBelow < 0 ? error : 1 - error
    }
    let law = FieldLaw(teacher, overlap: overlap, variance: variance)
    guard law.deviation > 0 else { return 0.5 }
    let far = law.reach
    let edges = ([-far, 0, far] + thresholds.filter { abs($0) < far && $0 != 0 }).sorted()
    return zip(edges, edges.dropFirst()).reduce(0.0) { sum, edge in
      let middle = 0.5 * (edge.0 + edge.1)
      let crossed = thresholds.count { $0 < middle }
      let sign = crossed % 2 == 0 ? signBelow : -signBelow
      return sum
        + Integration.integral(from: edge.0, to: edge.1) { h in
          law.density(h) * law.probability(label: -sign, at: h)
        }
    }
  }

  /// E[Λ(y, h)] of a fresh sample.
  func loss(_ objective: any Objective, overlap: Double, variance: Double) -> Double {
    let law = FieldLaw(teacher, overlap: overlap, variance: variance)
    var evaluator = SampleEvaluator(objective, readout: [])
    func value(_ label: Double, _ field: Double) -> Double {
      evaluator.fields[0] = field
      return evaluator.answer(label: label).loss
    }
    switch teacher.labels {
    case .regression:
      // h given y is normal, with variance V + m² - m²/E[y²].
      let (c, tau) = (teacher.alignment, teacher.remainder)
      let square = c * c + tau * tau
      let slope = overlap * c / square
      let rest = (variance + overlap * overlap * tau * tau / square).squareRoot()
      var sum = 0.0
      for (node, weight) in zip(hermite.nodes, hermite.weights) {
        let label = square.squareRoot() * node
        for (inner, share) in zip(hermite.nodes, hermite.weights) {
          sum +=
            weight * share
            * value(label, slope * label + rest * inner)
        }
      }
      return sum
    case .sign:
      guard law.deviation > 0 else {
        return 0.5
          * (value(1, 0)
            + value(-1, 0))
      }
      func integrand(_ h: Double) -> Double {
        [-1.0, 1].reduce(0) { sum, label in
          sum + law.probability(label: label, at: h)
            * value(label, h)
        } * law.density(h)
      }
      let far = law.reach
      return Integration.integral(from: -far, to: 0, of: integrand)
        + Integration.integral(from: 0, to: far, of: integrand)
    }
  }

  /// The marginal of h and the sign of the label given h.
  private struct FieldLaw {
    /// √E[h²].
    let deviation: Double
    /// Ten standard deviations, beyond which nothing is integrated.
    var reach: Double { 10 * deviation }
    /// P(y > 0 | h) is the normal probability below this times h.
    let slope: Double

    init(_ teacher: Teacher, overlap m: Double, variance: Double) {
      // y has the sign of ν + noise ξ, jointly normal with h.
      let noise = teacher.noise * teacher.noise
      let square = variance + m * m
      deviation = square.squareRoot()
      let across = (square * (variance * (1 + noise) + m * m * noise)).squareRoot()
      slope = m == 0 ? 0 : m / max(across, 1e-6 * abs(m) * deviation)
    }

    /// The density of the field h.
    func density(_ h: Double) -> Double {
      NormalDistribution.density(h / deviation) / deviation
    }

    func probability(label: Double, at h: Double) -> Double {
      NormalDistribution.cumulative(label * slope * h)
    }
  }
}
