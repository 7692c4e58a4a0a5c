internal import Foundation
public import LearningProblem
internal import NumericalKit

/// Test loss and error as functions of the overlaps m, the covariance C of the weights and the readout.
///
/// A fresh sample of cluster a has fields h ~ N(B_a m, Δ_a C), one of a teacher h ~ m ν + N(0, C - m mᵀ),
/// whatever produced the weights: the same function serves theory and training. K <= 2: Gauss-Hermite
/// for the loss, and for the error the exact probability between the sign changes of the answer along
/// a line, averaged over the directions of lines through the mean; `TeacherQuantities` with a teacher.
/// K > 2, and K = 2 with a teacher: randomly shifted Sobol points. Whatever is not exact has an error
/// bar.
public struct TestQuantities: Sendable {
  private let clusters: [Cluster]
  private let objective: any Objective
  private let initialReadout: [Double]
  private let decisionBoundaries: (thresholds: [Double], signBelow: Double)?
  private let field: FieldCovariance
  private let teacher: Teacher?
  private let answers: TeacherQuantities?
  private let hermite = Quadrature.standardNormal(order: 128)
  /// Two rules, whose difference is the error bar.
  private let rules: [Quadrature]  // for K <= 2 without known sign changes
  private let sources: Int
  private let points: QuasiRandomPoints?

  /// Prepares the quadrature for a problem.
  public init(_ problem: Problem) {
    clusters = problem.data.clusters
    objective = problem.objective
    initialReadout = problem.network.readout.initial
    decisionBoundaries = problem.network.decisionBoundaries
    field = FieldCovariance(problem)
    teacher = problem.data.teacher
    answers = teacher.map { TeacherQuantities($0, problem.network.decisionBoundaries) }
    // The fields, and before them ν and ξ of a teacher.
    sources = teacher.map { $0.noise > 0 ? 2 : 1 } ?? 0
    let orders = problem.hiddenUnits == 1 ? [128, 96] : [48, 40]
    rules = orders.map { Quadrature.standardNormal(order: $0) }
    let hasRule =
      teacher == nil ? problem.hiddenUnits <= 2 : decisionBoundaries != nil
    points =
      hasRule
      ? nil
      : QuasiRandomPoints(
        dimension: sources + problem.hiddenUnits, count: 1024, shifts: 8, seed: 0x7e57)
  }

  /// Test loss `[observable.testloss]` and test error `[observable.testerror]`, nan for machines, which
  /// make no errors.
  ///
  /// - Parameters:
  ///   - overlaps: m_kp, K rows of P.
  ///   - covariance: C_kl, K x K row-major.
  ///   - readout: a; by default that of the start.
  public func evaluate(
    overlaps: [[Double]], covariance: [Double], readout: [Double]? = nil
  ) -> (loss: Estimate, error: Estimate) {
    let evaluator = SampleEvaluator(objective, readout: readout ?? initialReadout)
    if let points { return sampled(overlaps, covariance, evaluator, points) }
    if decisionBoundaries != nil { return exact(overlaps, covariance, evaluator) }
    return quadrature(overlaps, covariance, evaluator)
  }

  /// K = 1 with known sign changes.
  private func exact(
    _ overlaps: [[Double]], _ covariance: [Double], _ evaluator: SampleEvaluator
  ) -> (loss: Estimate, error: Estimate) {
    let fieldVariance = max(field.variance(covariance[0], overlaps[0]), 0)
    if let answers {
      let m = overlaps[0][0]
      return (
        Estimate(answers.loss(objective, overlap: m, variance: fieldVariance)),
        Estimate(answers.error(overlap: m, variance: fieldVariance))
      )
    }
    var loss = 0.0
    var error = 0.0
    var evaluator = evaluator
    for cluster in clusters {
      let deviation = (cluster.variance * fieldVariance).squareRoot()
      let mean = cluster.mean(overlaps[0][...])
      func value(_ z: Double) -> Double {
        evaluator.fields[0] = mean + deviation * z
        return evaluator.answer(label: cluster.label).loss
      }
      if deviation > Self.widestForHermite || objective.gradientJumps {
        loss +=
          cluster.probability
          * Integration.integral(from: -10, to: 10, tolerance: 1e-9) {
            NormalDistribution.density($0) * value($0)
          }
      } else {
        for (node, weight) in zip(hermite.nodes, hermite.weights) {
          loss += cluster.probability * weight * value(node)
        }
      }
      error += cluster.probability * errorProbability(cluster.label, mean, deviation)
    }
    return (Estimate(loss), Estimate(error))
  }

  /// A loss that bends within a field of order 1 is a polynomial to the Gauss-Hermite rule up to this
  /// deviation (1e-9 there; 1e-4 at 10).
  private static let widestForHermite = 2.5

  /// P(y f(h) < 0) for h ~ N(mean, deviation²).
  private func errorProbability(_ label: Double, _ mean: Double, _ deviation: Double) -> Double {
    guard let (thresholds, signBelow) = decisionBoundaries else { return .nan }
    let edges = [-Double.infinity] + thresholds + [.infinity]
    var sign = signBelow
    var probability = 0.0
    for (lower, upper) in zip(edges, edges.dropFirst()) {
      if sign != label {
        probability +=
          deviation > 0
          ? NormalDistribution.probability(
            from: (lower - mean) / deviation, to: (upper - mean) / deviation)
          : (lower < mean && mean < upper ? 1 : lower == mean || upper == mean ? 0.5 : 0)
      }
      sign = -sign
    }
    return probability
  }

  /// K <= 2 in clusters: the loss by two rules, the error along lines through the mean.
  private func quadrature(
    _ overlaps: [[Double]], _ covariance: [Double], _ evaluator: SampleEvaluator
  ) -> (loss: Estimate, error: Estimate) {
    let rows = field.factor(overlaps: overlaps, covariance: covariance)
    var evaluator = evaluator
    var (losses, error) = ([0.0, 0.0], 0.0)
    for cluster in clusters {
      let deviation = cluster.variance.squareRoot()
      let means = overlaps.map { cluster.mean($0[...]) }
      // h_1 = mean_1 + L_11 z, h_2 = mean_2 + L_21 z + L_22 z'.
      func answer(_ z: Double, _ other: Double) -> ObjectiveAnswer {
        evaluator.fields[0] = means[0] + deviation * rows[0][0] * z
        if rows.count == 2 {
          evaluator.fields[1] = means[1] + deviation * (rows[1][0] * z + rows[1][1] * other)
        }
        return evaluator.answer(label: cluster.label)
      }
      for (index, rule) in rules.enumerated() {
        for (node, weight) in zip(rule.nodes, rule.weights) {
          let share = cluster.probability * weight
          if rows.count == 1 { losses[index] += share * answer(node, 0).loss }
          for (other, otherShare) in zip(rule.nodes, rule.weights) where rows.count == 2 {
            losses[index] += share * otherShare * answer(node, other).loss
          }
        }
      }
      guard objective.hasErrors else { continue }
      guard rows.count == 2 else {
        error += cluster.probability * LineProbability.normal.negative { answer($0, 0).margin }
        continue
      }
      error +=
        cluster.probability / .pi
        * Integration.integral(from: 0, to: .pi, tolerance: Self.angularTolerance) { angle in
          let (x, y) = (cos(angle), sin(angle))
          return LineProbability.radial.negative { answer($0 * x, $0 * y).margin }
        }
    }
    return (
      Estimate(losses[0], standardError: abs(losses[0] - losses[1])),
      Estimate(
        objective.hasErrors ? error : .nan,
        standardError: rows.count == 2 ? Self.missedPairs * error : 0)
    )
  }

  /// Relative error of the average over the directions of lines.
  private static let angularTolerance = 1e-5
  /// Relative error by pairs of sign changes that a line misses; 2e-5 where boundaries cross (quadratic
  /// units), 0 where there are none.
  private static let missedPairs = 3e-5

  /// Any K.
  private func sampled(
    _ overlaps: [[Double]], _ covariance: [Double], _ evaluator: SampleEvaluator,
    _ points: QuasiRandomPoints
  ) -> (loss: Estimate, error: Estimate) {
    let units = objective.hiddenUnits
    let rows = field.factor(overlaps: overlaps, covariance: covariance)
    var losses = [Double]()
    var errors = [Double]()
    var evaluator = evaluator
    let width = points.dimension
    for shift in points.shifts {
      let count = shift.count / width
      var loss = 0.0
      var error = 0.0
      for cluster in clusters {
        let means = overlaps.map { cluster.mean($0[...]) }
        let deviation = cluster.variance.squareRoot()
        for point in 0..<count {
          let first = point * width
          let label =
            teacher?.label(signal: shift[first], noise: sources > 1 ? shift[first + 1] : 0)
            ?? cluster.label
          for k in 0..<units {
            var noise = 0.0
            for l in 0...k { noise += rows[k][l] * shift[first + sources + l] }
            if teacher != nil { noise += overlaps[k][0] * shift[first] }
            evaluator.fields[k] = means[k] + deviation * noise
          }
          let value = evaluator.answer(label: label)
          loss += cluster.probability * value.loss
          error += cluster.probability * value.error
        }
      }
      losses.append(loss / Double(count))
      errors.append(error / Double(count))
    }
    return (Estimate(mean: losses), Estimate(mean: errors))
  }
}
