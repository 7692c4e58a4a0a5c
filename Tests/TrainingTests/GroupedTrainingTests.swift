import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Training on inputs in groups, of which axes are turned by a fast transform, against plain loops
/// with a dense matrix. `[inputs.model]` `[inputs.rotation]`
@Suite("Training on inputs in groups")
struct GroupedTrainingTests {
  private static func groups(_ basis: InputGroups.Basis, directions: Int = 1) -> GroupedInputs {
    GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [0.1, 0.5, 3],
      signal: directions == 1
        ? [[0.4, 1, 2.5]] : [[0.4, 1, 2.5], [0.2, -0.5, 0.25], [1.6, 0.4, 0.4]], basis: basis)
  }

  static let cases: [(String, Setup)] = [InputGroups.Basis.inputs, .axes].flatMap { basis in
    let settings = AgainstNaiveTests.settings
    var plain = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2.3, loss: SquareLoss(),
      weightDecay: 0.4, start: Start(variance: 0.7, overlap: [[0.3]]), learningRate: 0.2, steps: 7,
      gradientScale: .mean, sampleMask: IndependentMask(density: 0.3),
      weightMask: IndependentMask(density: 0.6), training: settings)
    plain.inputs = groups(basis)
    var rule = plain
    rule.loss = LogisticLoss()
    rule.weightMask = PersistentMask(density: 0.5, correlation: 0.5)
    rule.update = TopFractionUpdate(fraction: 0.4)
    var teacher = plain
    teacher.data = LinearTeacher(noise: 0.4)
    teacher.learningRate = 0.1
    var units = Setup(
      data: Xor(separation: 1.2, variance: 0.4), samplesPerWeight: 2.3,
      network: Committee(activation: .erf, readout: [1, -1]), weightDecay: 0.2,
      start: Start(variance: 0.6, overlap: [[0.5, -0.1], [0.2, 0.7]]), learningRate: 0.3,
      steps: 7, sampleMask: IndependentMask(density: 0.5),
      weightMask: ColumnMask(density: 0.4), training: settings)
    units.inputs = groups(basis, directions: 2)
    var shapes = plain
    shapes.data = Mixture(clusters: [
      Cluster(probability: 0.6, centre: [1], label: 1, variance: 0.5),
      Cluster(probability: 0.4, centre: [-1], label: -1, variance: 0.8),
    ])
    shapes.inputs = GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [[0.1, 0.5, 3], [2, 1, 0.2]],
      signal: [[0.4, 1, 2.5]], basis: basis)
    return [
      ("plain, \(basis)", plain), ("shapes, \(basis)", shapes), ("top-fraction, \(basis)", rule),
      ("teacher, \(basis)", teacher),
      ("committee, \(basis)", units),
    ]
  }

  @Test("every observable, that of groups too", arguments: cases)
  func againstLoops(name: String, problem: Setup) throws {
    let curves = try DirectTraining(problem).run()
    let naive = (0..<3).map { NaiveTraining(problem, dimension: 37, run: $0).rows }
    func check(_ observable: Observable, _ value: (NaiveTraining.Row) -> Double) {
      let found = values(curves, observable)
      #expect(found.count == 4, "\(observable)")
      for (value0, step) in zip(found, [0, 3, 6, 7]) {
        let expected = naive.map { value($0[step]) }.reduce(0, +) / 3
        #expect(
          abs(value0 - expected) < 1e-5 * max(1, abs(expected)), "\(observable) at \(step)")
      }
    }
    let units = problem.hiddenUnits
    let single = units == 1 && problem.signalDirections == 1
    check(.trainingLoss) { $0.loss }
    check(.trainingError) { $0.error }
    check(.writes) { $0.writes }
    check(.absoluteChange) { $0.absoluteChange }
    check(.netChange) { $0.netChange }
    for k in 0..<units {
      check(.magnetisation(k, 0, single: single)) { $0.overlaps[k][0] }
      check(.norm(k, k, single: single)) { $0.covariance[k][k] }
    }
    for group in 0..<3 {
      for k in 0..<units {
        for p in 0..<problem.signalDirections {
          check(.magnetisation(k, p, single: single).of(group: group)) {
            $0.groups[group].overlaps[k][p]
          }
        }
        for l in k..<units {
          check(.norm(k, l, single: single).of(group: group)) {
            $0.groups[group].covariance[k][l]
          }
        }
      }
      let paid = curves.contains { $0.observable == Observable.writes.of(group: group) }
      #expect(paid == (problem.dynamics.groups?.basis == .inputs))
      guard paid else { continue }
      check(Observable.writes.of(group: group)) { $0.groups[group].writes }
      check(Observable.absoluteChange.of(group: group)) { $0.groups[group].absoluteChange }
    }
  }

  /// Second moments by group within 5 standard errors, and the signal's; axes are drawn along
  /// coordinates, so that the samples are the same.
  @Test("samples and signals have the moments of their groups", arguments: [false, true])
  func moments(hasTeacher: Bool) {
    var setup = Self.cases[0].1
    if hasTeacher { setup.data = LinearTeacher() }
    let d = 4000
    let plan = RunPlan(setup, dimension: d, run: 0)
    let set = TrainingSet(plan)
    #expect(plan.layout.ranges == [0..<2000, 2000..<3200, 3200..<4000])
    let rows = 40
    let scale = hasTeacher ? 1 : setup.data.clusters[0].variance
    for (range, group) in zip(plan.layout.ranges, setup.dynamics.groups?.groups ?? []) {
      let count = Double(range.count)
      let squares = (0..<rows).map { row in
        range.reduce(0.0) { sum, j in
          let x = Double(set.inputs[row][set.inputs[row].startIndex + j])
          return sum + x * x
        }
      }
      let variance = squares.reduce(0, +) / (count * Double(rows))
      let expected = scale * group.variance
      #expect(
        abs(variance / expected - 1) < 5 * (2 / (count * Double(rows))).squareRoot() + 2e-3)
      let signal = range.reduce(0.0) { $0 + set.signals[0][$1] * set.signals[0][$1] } / count
      #expect(abs(signal / group.signal[0][0] - 1) < 5 * (2 / count).squareRoot())
    }
    // Labels of a teacher are numbers of variance 1.
    guard hasTeacher else { return }
    let mean = set.labels.reduce(0) { $0 + $1 * $1 } / Double(set.labels.count)
    #expect(abs(mean - 1) < 5 * (2 / Double(set.labels.count)).squareRoot())
  }

  /// Labels name the clusters; fresh samples too. `[inputs.clusters]`
  @Test("samples have the moments of their clusters and groups")
  func shapes() throws {
    let setup = Self.cases[1].1
    let d = 4000
    let plan = RunPlan(setup, dimension: d, run: 0)
    let set = TrainingSet(plan)
    let groups = try #require(setup.dynamics.groups)
    for (a, cluster) in setup.data.clusters.enumerated() {
      let rows = set.labels.indices.filter { set.labels[$0] == cluster.label }.prefix(40)
      for (range, group) in zip(plan.layout.ranges, groups.groups) {
        let count = Double(range.count * rows.count)
        let sum = rows.reduce(0.0) { sum, row in
          range.reduce(sum) { sum, j in
            let x = Double(set.inputs[row][set.inputs[row].startIndex + j])
            return sum + x * x
          }
        }
        let expected = cluster.variance * group.variances[a]
        #expect(abs(sum / count / expected - 1) < 5 * (2 / count).squareRoot() + 8e-3)
      }
    }
  }

  @Test("shares are rounded to whole inputs by the largest remainders")
  func shares() throws {
    let groups = try InputGroups(
      shares: [0.33, 0.34, 0.33], variances: [[1, 2, 3]], signal: [[1, 1, 1]])
    #expect(groups.counts(of: 100) == [33, 34, 33])
    #expect(groups.counts(of: 10) == [3, 4, 3])
    #expect(groups.counts(of: 2) == [1, 1, 0] && groups.counts(of: 1) == [0, 1, 0])
    let tenths = try InputGroups(
      shares: [0.1, 0.2, 0.7], variances: [[1, 2, 3]], signal: [[1, 1, 1]])
    #expect(tenths.counts(of: 10) == [1, 2, 7] && tenths.counts(of: 1000) == [100, 200, 700])
  }
}
