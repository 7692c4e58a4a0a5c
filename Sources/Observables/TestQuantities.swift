internal import Foundation
public import LearningProblem
internal import NumericalKit

/// Test loss and error as functions of the overlaps m and the covariance C of the weights.
///
/// A fresh sample of cluster a has fields h ~ N(B_a m, Δ C), one of a teacher h ~ m ν + N(0, C - m mᵀ),
/// whatever produced the weights: the same function serves theory and training. K = 1: erfc between
/// the sign changes of f for the error, Gauss-Hermite for the loss; `TeacherQuantities` with a teacher.
/// K > 1: randomly shifted Sobol points, with an error bar.
public struct TestQuantities: Sendable {
  private let clusters: [Cluster]
  private let variance: Double
  private let objective: Objective
  private let field: FieldCovariance
  private let teacher: Teacher?
  private let answers: TeacherQuantities?
  private let hermite = Quadrature.standardNormal(order: 128)
  private let sources: Int
  private let points: QuasiRandomPoints?

  /// Prepares the quadrature for a problem.
  public init(_ problem: Problem) {
    clusters = problem.data.clusters
    variance = problem.data.variance
    objective = problem.objective
    field = FieldCovariance(problem)
    teacher = problem.data.teacher
    answers = teacher.map { TeacherQuantities($0) }
    let exact = problem.network.decisionBoundaries != nil
    // The fields, and before them ν and ξ of a teacher.
    sources = teacher.map { $0.noise > 0 ? 2 : 1 } ?? 0
    points =
      exact
      ? nil
      : QuasiRandomPoints(
        dimension: sources + problem.hiddenUnits, count: 1024, shifts: 8, seed: 0x7e57)
  }

  /// Test loss `[observable.testloss]` and test error `[observable.testerror]`.
  ///
  /// - Parameters:
  ///   - overlaps: m_kp, K rows of P.
  ///   - covariance: C_kl, K x K row-major.
  public func evaluate(
    overlaps: [[Double]], covariance: [Double]
  ) -> (loss: Estimate, error: Estimate) {
    if let points { return sampled(overlaps, covariance, points) }
    return exact(overlaps, covariance)
  }

  /// K = 1.
  private func exact(
    _ overlaps: [[Double]], _ covariance: [Double]
  ) -> (loss: Estimate, error: Estimate) {
    let fieldVariance = max(field.variance(covariance[0], overlaps[0]), 0)
    if let answers {
      let m = overlaps[0][0]
      return (
        Estimate(answers.loss(objective, overlap: m, variance: fieldVariance)),
        Estimate(answers.error(objective, overlap: m, variance: fieldVariance))
      )
    }
    let deviation = (variance * fieldVariance).squareRoot()
    var loss = 0.0
    var error = 0.0
    var gradient = [0.0]
    var hessian = [0.0]
    for cluster in clusters {
      let mean = cluster.mean(overlaps[0][...])
      for (node, weight) in zip(hermite.nodes, hermite.weights) {
        let field = [mean + deviation * node]
        var g = gradient.mutableSpan
        var h = hessian.mutableSpan
        let value = objective.evaluate(
          label: cluster.label, fields: field.span, gradient: &g, hessian: &h)
        loss += cluster.probability * weight * value.loss
      }
      error += cluster.probability * errorProbability(cluster.label, mean, deviation)
    }
    return (Estimate(loss), Estimate(error))
  }

  /// P(y f(h) < 0) for h ~ N(mean, deviation²).
  private func errorProbability(_ label: Double, _ mean: Double, _ deviation: Double) -> Double {
    guard let (thresholds, signBelow) = objective.network.decisionBoundaries else { return .nan }
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

  /// K > 1.
  private func sampled(
    _ overlaps: [[Double]], _ covariance: [Double], _ points: QuasiRandomPoints
  ) -> (loss: Estimate, error: Estimate) {
    let units = objective.hiddenUnits
    var factor = GrowingCholesky(capacity: units, tolerance: 1e-12)
    for k in 0..<units {
      let row = (0..<k).map { field.between(covariance[k * units + $0], overlaps[k], overlaps[$0]) }
      factor.append(
        row[...], diagonal: max(field.variance(covariance[k * units + k], overlaps[k]), 0))
    }
    let deviation = variance.squareRoot()
    let rows = (0..<units).map { factor.row($0) }
    var losses = [Double]()
    var errors = [Double]()
    var fields = [Double](repeating: 0, count: units)
    var gradient = fields
    var hessian = [Double](repeating: 0, count: units * units)
    let width = points.dimension
    for shift in points.shifts {
      let count = shift.count / width
      var loss = 0.0
      var error = 0.0
      for cluster in clusters {
        let means = overlaps.map { cluster.mean($0[...]) }
        for point in 0..<count {
          let first = point * width
          let label =
            teacher?.label(signal: shift[first], noise: sources > 1 ? shift[first + 1] : 0)
            ?? cluster.label
          for k in 0..<units {
            var noise = 0.0
            for l in 0...k { noise += rows[k][l] * shift[first + sources + l] }
            if teacher != nil { noise += overlaps[k][0] * shift[first] }
            fields[k] = means[k] + deviation * noise
          }
          var g = gradient.mutableSpan
          var h = hessian.mutableSpan
          let value = objective.evaluate(
            label: label, fields: fields.span, gradient: &g, hessian: &h)
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
