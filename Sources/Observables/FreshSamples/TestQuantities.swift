internal import Foundation
public import LearningProblem
internal import NumericalKit

/// Test loss and error as functions of the overlaps m, the covariance C of the weights and the
/// readout.
///
/// A fresh sample of cluster a has fields h ~ N(B_a m, Δ_a (C + σ_w²)), with a C of its own where
/// clusters differ in shape `[inputs.clusters]`, one of a teacher
/// h ~ m ν + N(0, C - m mᵀ). The theory integrates over them; training measures what is drawn
/// instead. `[observable.fresh]` K = 1: the exact probability between the sign changes of the
/// answer, and an integral over a line for the loss; K = 2: integrals over lines and across them;
/// `TeacherQuantities` with a teacher and K = 1; otherwise randomly shifted Sobol points. Whatever
/// is not exact has an error bar.
public struct TestQuantities: Sendable {
  private let clusters: [Cluster]
  private let objective: any Objective
  private let initialReadout: [Double]
  private let decisionBoundaries: (thresholds: [Double], signBelow: Double)?
  private let field: FieldCovariance
  private let answers: TeacherQuantities?
  private let sampler: FieldSampler
  private let points: QuasiRandomPoints?

  /// Prepares the integrals for a problem.
  public init(_ dynamics: Dynamics) {
    clusters = dynamics.data.clusters
    objective = dynamics.objective
    initialReadout = dynamics.readout.initial
    decisionBoundaries = dynamics.decisionBoundaries
    field = dynamics.fields
    let teacher = dynamics.data.teacher
    answers =
      dynamics.decisionBoundaries == nil
      ? nil : teacher.map { TeacherQuantities($0, dynamics.decisionBoundaries) }
    sampler = FieldSampler(dynamics)
    let needsPoints = teacher == nil ? dynamics.hiddenUnits > 2 : answers == nil
    points =
      needsPoints
      ? QuasiRandomPoints(
        dimension: sampler.dimension, count: 1024, shifts: 8, seed: 0x7e57) : nil
  }

  /// Test loss `[observable.testloss]` and test error `[observable.testerror]`, nan for machines,
  /// which make no errors.
  ///
  /// - Parameters:
  ///   - overlaps: m_kp, K rows of P.
  ///   - covariance: C_kl, K x K row-major.
  ///   - readout: a; by default that of the start.
  ///   - step: that of the forward pass, whose noise of the weights counts.
  public func evaluate(
    overlaps: [[Double]], covariance: [Double], readout: [Double]? = nil, at step: Int = 0
  ) -> (loss: Estimate, error: Estimate) {
    evaluate(overlaps: overlaps, covariances: [covariance], readout: readout, at: step)
  }

  /// The same with one C for all clusters, or one for each. `[inputs.clusters]`
  func evaluate(
    overlaps: [[Double]], covariances: [[Double]], readout: [Double]?, at step: Int
  ) -> (loss: Estimate, error: Estimate) {
    let evaluator = SampleEvaluator(objective, readout: readout ?? initialReadout)
    let laws = covariances.map { sampler.law(overlaps: overlaps, covariance: $0, at: step) }
    if let points { return sampled(laws, evaluator, points) }
    if let answers {
      let m = overlaps[0][0]
      let variance = field.variance(covariances[0][0], overlaps[0], at: step)
      return (
        Estimate(answers.loss(objective, overlap: m, variance: variance)),
        Estimate(answers.error(overlap: m, variance: variance))
      )
    }
    return integrated(laws, evaluator)
  }

  /// K <= 2 in clusters. `[observable.line]` `[observable.plane]`
  private func integrated(
    _ laws: [FieldSampler.Law], _ evaluator: SampleEvaluator
  ) -> (loss: Estimate, error: Estimate) {
    var (loss, error) = (Estimate(0), Estimate(0))
    for (a, cluster) in clusters.enumerated() {
      let fields = laws[laws.count == 1 ? 0 : a].within(cluster)
      let averages = averages(fields.means, fields.spread, cluster.label, evaluator)
      loss = loss.adding(averages.loss, times: cluster.probability)
      error = error.adding(averages.error, times: cluster.probability)
    }
    return (loss, error)
  }

  /// Loss and error of a fresh sample of one cluster, with fields h = means + spread z.
  private func averages(
    _ means: [Double], _ spread: [[Double]], _ label: Double, _ evaluator: SampleEvaluator
  ) -> (loss: Estimate, error: Estimate) {
    guard means.count == 1 else {
      let full = [[spread[0][0], 0], spread[1]]
      return FieldPlane(through: means, spread: full, label: label, objective, evaluator).averages()
    }
    var line = FieldLine(
      through: means, along: spread[0], label: label, objective, evaluator)
    let exact = errorProbability(label, means[0], spread[0][0])
    let error = objective.hasErrors ? exact ?? line.error() : .nan
    return (line.loss(), Estimate(error))
  }

  /// P(y f(h) < 0) for h ~ N(mean, deviation²); nil unless the sign changes of f are known.
  private func errorProbability(
    _ label: Double, _ mean: Double, _ deviation: Double
  ) -> Double? {
    guard let (thresholds, signBelow) = decisionBoundaries else { return nil }
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

  /// Any K.
  private func sampled(
    _ laws: [FieldSampler.Law], _ evaluator: SampleEvaluator, _ points: QuasiRandomPoints
  ) -> (loss: Estimate, error: Estimate) {
    var losses = [Double]()
    var errors = [Double]()
    var evaluator = evaluator
    let width = points.dimension
    for shift in points.shifts {
      let count = shift.count / width
      var loss = 0.0
      var error = 0.0
      for (a, cluster) in clusters.enumerated() {
        let fields = laws[laws.count == 1 ? 0 : a].within(cluster)
        for point in 0..<count {
          let label = fields.draw(shift, at: point * width, into: &evaluator)
          let value = evaluator.answer(label: label)
          loss += cluster.probability * value.loss
          error += cluster.probability * value.error
        }
      }
      losses.append(loss / Double(count))
      errors.append(error / Double(count))
    }
    return (Estimate(mean: losses), objective.hasErrors ? Estimate(mean: errors) : Estimate(.nan))
  }
}
