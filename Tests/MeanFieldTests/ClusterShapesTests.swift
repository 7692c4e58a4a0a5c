import Foundation
import LearningProblem
import Limits
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Clusters whose inputs differ in variance each in their own way, closed: numbers and identities.
/// `[inputs.clusters]`
@Suite("Clusters of different shape")
struct ClusterShapesTests {
  /// The clusters and groups of the numbers of chapter 16.
  static func square(_ basis: InputGroups.Basis = .inputs, steps: Int = 30) -> Setup {
    var setup = InputGroupsTests.square(
      GroupedInputs(
        shares: [0.5, 0.3, 0.2], variances: [[0.1, 0.5, 1.5], [1.2, 0.4, 0.3]],
        signal: [[0.4, 1, 2.5]], basis: basis), steps: steps)
    setup.data = Mixture(clusters: [
      Cluster(probability: 0.7, centre: [1], label: 1, variance: 1),
      Cluster(probability: 0.3, centre: [-1], label: -1, variance: 0.6),
    ])
    return setup
  }

  /// The same with masks that persist and a start with an overlap.
  static func persistent(_ steps: Int = 20) -> Setup {
    var setup = square(steps: steps)
    setup.sampleMask = PersistentMask(density: 0.4, correlation: 0.7)
    setup.weightMask = PersistentMask(density: 0.5, correlation: 0.7)
    setup.start = Start(variance: 0.3, overlap: [[-0.3]])
    return setup
  }

  /// Of two problems, all observables but those of groups; to `tolerance` where nothing is sampled,
  /// else within errors.
  static func expectEqual(
    _ one: [Curve], _ other: [Curve], tolerance: Double = 1e-12,
    _ sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for curve in one where curve.observable.group == nil {
      for (a, b) in zip(curve.estimates, other.named(curve.observable).estimates) {
        let error = 5 * hypot(a.standardError, b.standardError) + tolerance * max(1, abs(a.value))
        #expect(
          abs(a.value - b.value) < error, "\(curve.observable): \(a), \(b)",
          sourceLocation: sourceLocation)
      }
    }
  }

  /// What the white noise of 1e-9 in sampled fields may do. `[sampling.field]`
  static let whiteNoise = 2e-8

  /// From an implementation of its own (Python).
  @Test(
    "numbers of a separate implementation, to six digits",
    arguments: [
      (
        InputGroups.Basis.inputs,
        [
          [0.080000, 0.476388, 0.517228, 0.434022], [0.287334, 0.461643, 0.306123, 0.275134],
          [0.465138, 0.493761, 0.179086, 0.177343], [0.523658, 0.523152, 0.137986, 0.151248],
        ]
      ),
      (
        InputGroups.Basis.axes,
        [
          [0.080000, 0.476388, 0.515695, 0.433597], [0.287334, 0.463805, 0.303967, 0.273235],
          [0.465138, 0.498316, 0.178628, 0.176980], [0.523658, 0.527172, 0.137854, 0.151289],
        ]
      ),
    ])
  func numbers(basis: InputGroups.Basis, rows: [[Double]]) throws {
    let curves = try InputGroupsTests.closed(Self.square(basis))
    for (step, row) in zip([1, 5, 15, 30], rows) {
      let observables = [Observable.magnetisation, .norm, .trainingLoss, .testError]
      for (observable, value) in zip(observables, row) {
        #expect(abs(curves.named(observable).estimates[step].value - value) < 6e-7)
      }
    }
  }

  @Test("rows that are the same are one, to the last bit", arguments: InputGroupsTests.ways)
  func sameRows(name: String, setup: Setup) throws {
    var (one, rows) = (setup, setup)
    let clusters = setup.data.clusters.count
    one.inputs = GroupedInputs(shares: [0.6, 0.4], variances: [0.3, 2])
    rows.inputs = GroupedInputs(
      shares: [0.6, 0.4], variances: Array(repeating: [0.3, 2], count: clusters))
    let (first, second) = (try MeanFieldSolver(one).solve(), try MeanFieldSolver(rows).solve())
    #expect(first.curves.map(\.observable) == second.curves.map(\.observable))
    for (a, b) in zip(first.curves, second.curves) { #expect(a.estimates == b.estimates) }
  }

  /// Rows that differ by a rounding have a site for each cluster; one row has one for all.
  @Test("a site for each cluster is one for all of them", arguments: InputGroupsTests.ways)
  func sites(name: String, setup: Setup) throws {
    guard setup.data.teacher == nil else { return }
    var setup = setup
    setup.theory.sampling.batches = 24
    var (one, rows) = (setup, setup)
    one.inputs = GroupedInputs(shares: [0.6, 0.4], variances: [0.3, 2])
    rows.inputs = GroupedInputs(
      shares: [0.6, 0.4],
      variances: setup.data.clusters.indices.map { [0.3, $0 == 0 ? (2.0).nextUp : 2] })
    Self.expectEqual(
      try MeanFieldSolver(one).solve().curves, try MeanFieldSolver(rows).solve().curves)
  }

  /// Clusters of different variance have no closed site that has all of them.
  @Test("closed sites of clusters of different variance agree with one sampled site")
  func variances() throws {
    var one = Self.persistent()
    one.theory.sampling.batches = 24
    one.theory.sampling.trajectories = 8000
    one.inputs = GroupedInputs(shares: [0.6, 0.4], variances: [0.3, 2])
    var rows = one
    rows.inputs = GroupedInputs(
      shares: [0.6, 0.4], variances: [[0.3, 2], [0.3, (2.0).nextUp]])
    let solution = try MeanFieldSolver(rows).solve()
    #expect(solution.diagnostics.sampleSite.hasPrefix("closed"))
    let sampled = try MeanFieldSolver(one).solve()
    #expect(sampled.diagnostics.sampleSite == "ensemble")
    Self.expectEqual(solution.curves, sampled.curves, tolerance: Self.whiteNoise)
  }

  @Test(
    "f_a = c_a f are clusters of variances c_a Δ_a", arguments: [InputGroups.Basis.inputs, .axes])
  func proportional(basis: InputGroups.Basis) throws {
    var one = Self.square(basis)
    one.data = TwoClusters(variance: 0.7)
    one.inputs = GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [0.1, 0.5, 1.5], signal: [[0.4, 1, 2.5]], basis: basis)
    var rows = one
    rows.data = Mixture(clusters: [
      Cluster(probability: 0.5, centre: [1], label: 1, variance: 0.35),
      Cluster(probability: 0.5, centre: [-1], label: -1, variance: 2.1),
    ])
    rows.inputs = GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [[0.2, 1, 3], [0.1 / 3, 0.5 / 3, 0.5]],
      signal: [[0.4, 1, 2.5]], basis: basis)
    Self.expectEqual(try InputGroupsTests.closed(one), try InputGroupsTests.closed(rows))
  }

  /// Clusters, groups in another order, one group and one cluster in two parts.
  @Test(
    "the order and the cutting of clusters and groups",
    arguments: [InputGroups.Basis.inputs, .axes])
  func parts(basis: InputGroups.Basis) throws {
    let whole = Self.square(basis)
    let curves = try InputGroupsTests.closed(whole)
    var turned = whole
    turned.data = Mixture(clusters: whole.data.clusters.reversed())
    turned.inputs = GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [[1.2, 0.4, 0.3], [0.1, 0.5, 1.5]],
      signal: [[0.4, 1, 2.5]], basis: basis)
    Self.expectEqual(curves, try InputGroupsTests.closed(turned))
    var groups = whole
    groups.inputs = GroupedInputs(
      shares: [0.2, 0.5, 0.1, 0.2], variances: [[1.5, 0.1, 0.5, 0.5], [0.3, 1.2, 0.4, 0.4]],
      signal: [[2.5, 0.4, 1, 1]], basis: basis)
    Self.expectEqual(curves, try InputGroupsTests.closed(groups))
    var halves = whole
    let first = whole.data.clusters[0]
    let half = Cluster(
      probability: 0.35, centre: first.centre, label: first.label, variance: first.variance)
    let nothing = Cluster(probability: 0, centre: [3], label: 1, variance: 9)
    halves.data = Mixture(clusters: [half, whole.data.clusters[1], nothing, half])
    halves.inputs = GroupedInputs(
      shares: [0.5, 0.3, 0.2],
      variances: [[0.1, 0.5, 1.5], [1.2, 0.4, 0.3], [5, 5, 5], [0.1, 0.5, 1.5]],
      signal: [[0.4, 1, 2.5]], basis: basis)
    Self.expectEqual(curves, try InputGroupsTests.closed(halves))
  }

  /// The first step of chapter 16, of unequal probabilities.
  @Test("the first step by hand")
  func firstStep() throws {
    var setup = Self.square(steps: 1)
    setup.weightMask = IndependentMask(density: 0.3)
    let curves = try InputGroupsTests.closed(setup)
    let (alpha, b, p, eta, lambda, r0) = (2.0, 0.4, 0.3, 0.2, 0.1, 0.5)
    let (rho, signal) = ([0.5, 0.3, 0.2], [0.4, 1, 2.5])
    let (pi, delta) = ([0.7, 0.3], [1, 0.6])
    let f = [[0.1, 0.5, 1.5], [1.2, 0.4, 0.3]]
    let mean = f.map { row in zip(rho, row).reduce(0) { $0 + $1.0 * $1.1 } }
    let mu = -alpha * b
    var loss = 0.0
    for a in 0..<2 { loss += 0.5 * pi[a] * (1 + delta[a] * mean[a] * r0) }
    #expect(abs(curves.named(.trainingLoss).estimates[0].value - loss) < 1e-14)
    for g in 0..<3 {
      var (s, chi) = (0.0, 0.0)
      for a in 0..<2 {
        chi += alpha * b * pi[a] * delta[a] * f[a][g]
        s += alpha * b * pi[a] * delta[a] * f[a][g] * (1 + delta[a] * mean[a] * r0)
      }
      let ell = lambda + chi
      let square = ell * ell * r0 + mu * mu * signal[g] + s
      let c = r0 - 2 * eta * p * ell * r0 + eta * eta * p * square
      let m = -eta * p * mu * signal[g]
      let found = curves.named(Observable.magnetisation.of(group: g)).estimates[1].value
      #expect(abs(found - m) < 1e-14)
      #expect(abs(curves.named(Observable.norm.of(group: g)).estimates[1].value - c) < 1e-14)
    }
  }
}
