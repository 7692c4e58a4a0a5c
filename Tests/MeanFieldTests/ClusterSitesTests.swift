import Foundation
import LearningProblem
import Limits
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Sites of clusters of different shape as they are solved: sampled, probed, in a frame, in
/// continuous time; and what is refused. `[inputs.clusters]`
@Suite("Sites of clusters of different shape")
struct ClusterSitesTests {
  /// Shares that are no multiples of a trajectory, and a third cluster without a signal.
  static func three() -> Setup {
    var setup = ClusterShapesTests.persistent(12)
    setup.data = Mixture(clusters: [
      Cluster(probability: 0.513, centre: [1], label: 1, variance: 0.8),
      Cluster(probability: 0.334, centre: [-1], label: -1, variance: 0.5),
      Cluster(probability: 0.153, centre: [0.2], label: -1, variance: 0.5),
    ])
    setup.inputs = GroupedInputs(
      shares: [0.561, 0.333, 0.106],
      variances: [[0.1, 0.7, 2.5], [1.3, 0.4, 0.3], [0.5, 0.5, 3]],
      signal: [[0.5, 1, (1 - 0.561 * 0.5 - 0.333) / 0.106]])
    return setup
  }

  /// Everything, what probes of closed sites find among it.
  @Test(
    "sampled sites agree with closed ones",
    arguments: [MarkovCase.independent, .persistent, .dropout, .full])
  func sampled(masks: MarkovCase) throws {
    var setup = Self.three()
    setup.theory.sampling.batches = 24
    switch masks {
    case .persistent: break
    case .independent:
      setup.sampleMask = IndependentMask(density: 0.4)
      setup.weightMask = IndependentMask(density: 0.5)
    case .dropout:
      setup.sampleMask = IndependentMask(density: 0.6)
      setup.dropout = Dropout(inputs: 0.3)
    case .full:
      setup.sampleMask = FullMask()
      setup.weightMask = FullMask()
    }
    let exact = try MeanFieldSolver(setup).solve()
    #expect(exact.diagnostics.sampleSite.hasPrefix("closed"))
    setup.theory.sites = .ensembleBoth
    let found = try MeanFieldSolver(setup).solve()
    #expect(exact.curves.count == found.curves.count)
    ClusterShapesTests.expectEqual(
      exact.curves, found.curves, tolerance: ClusterShapesTests.whiteNoise)
    for observable in [Observable.trainingError, .activity] {
      let probed = exact.curves.named(observable).estimates
      #expect((masks != .full) == (probed[6].standardError > 0))
    }
  }

  /// Fields of one cluster hardly vary, those of the other one do: at the start both are normal,
  /// and what probes find is known; later sampled sites know it.
  @Test("probes follow what the fields of their cluster see")
  func probes() throws {
    var setup = ClusterShapesTests.square(steps: 6)
    setup.start = Start(variance: 0.5, overlap: [[0.5]])
    setup.inputs = GroupedInputs(shares: [0.5, 0.5], variances: [[0.1, 0.05], [6, 4]])
    setup.theory.sampling.batches = 24
    let exact = try MeanFieldSolver(setup).solve().curves
    var (error, activity) = (0.0, 0.0)
    for (cluster, mean) in zip(setup.data.clusters, [0.075, 5]) {
      // C(0, 0) = R0 + m0² in both groups, of signal 1.
      let deviation = (cluster.variance * mean * 0.75).squareRoot()
      error +=
        cluster.probability
        * NormalDistribution.probabilityNegative(mean: 0.5, deviation: deviation)
      activity +=
        0.4 * cluster.probability * NormalDistribution.meanSize(mean: 0.5, deviation: deviation)
    }
    let first = exact.named(.trainingError).estimates[0]
    #expect(abs(first.value - error) < 5 * first.standardError && first.standardError < 1e-3)
    let second = exact.named(.activity).estimates[1]
    #expect(abs(second.value - activity) < 5 * second.standardError)
    setup.theory.sites = .ensembleBoth
    let found = try MeanFieldSolver(setup).solve().curves
    ClusterShapesTests.expectEqual(
      exact.filter { [Observable.trainingError, .activity].contains($0.observable) }, found,
      tolerance: ClusterShapesTests.whiteNoise)
  }

  enum MarkovCase: Sendable { case independent, persistent, dropout, full }

  @Test("tangents agree with Stein's formula")
  func tangents() throws {
    var setup = Self.three()
    setup.loss = LogisticLoss()
    setup.theory.sampling.trajectories = 1000
    let stein = try MeanFieldSolver(setup).solve().curves
    setup.theory.response = .tangent
    ClusterShapesTests.expectEqual(stein, try MeanFieldSolver(setup).solve().curves)
  }

  /// Rows merge for every cluster and every group. `[frame.merge]`
  @Test("a frame of the past agrees with all rows", arguments: [InputGroups.Basis.inputs, .axes])
  func frames(basis: InputGroups.Basis) throws {
    try ClusterShapesTests.square(basis, steps: 300).expectFramesAgree()
  }

  /// Sampled sites in a frame, against closed ones.
  @Test("sampled sites in a frame")
  func sampledFrames() throws {
    var setup = ClusterShapesTests.square(steps: 60)
    setup.learningRate = 0.1
    let exact = try MeanFieldSolver(setup).solve().curves
    setup.theory.sites = .ensembleBoth
    setup.theory.history = .compressed
    setup.theory.sampling.trajectories = 1000
    let found = try MeanFieldSolver(setup).solve()
    #expect(found.diagnostics.frame != nil)
    ClusterShapesTests.expectEqual(
      exact.filter { $0.observable.group == nil && $0.observable != .inefficiency }, found.curves,
      tolerance: 1e-4)
  }

  @Test("continuous time: growing steps agree with equal ones")
  func flow() throws {
    var setup = ClusterShapesTests.square()
    setup.sampleMask = FullMask()
    setup.weightMask = FullMask()
    setup.inputs = GroupedInputs(
      shares: [0.8, 0.2], variances: [[0.2, 6], [2, 0.5]], signal: [[0.5, 3]])
    let equal = try FlowSolver(setup.flowing(Flow(duration: 4, step: 0.02))).solve()
    let growing = try FlowSolver(setup.flowing(Flow(duration: 4, step: 0.05, growth: 0.2))).solve()
    for observable in [Observable.magnetisation, .norm, .norm.of(group: 1), .testError] {
      let (a, b) = (equal.curve(observable).estimates, growing.curve(observable).estimates)
      let (x, y) = (try #require(a.last), try #require(b.last))
      #expect(abs(x.value - y.value) < 1e-3, "\(observable): \(x), \(y)")
    }
  }

  /// Each block of trajectories of each group has random numbers of its own, below 2^56.
  @Test("forty groups, sampled")
  func manyGroups() throws {
    var setup = InputGroupsTests.square(
      PowerLawInputs(capacity: 1, source: 1, smallest: 0.02, groups: 40), steps: 3)
    setup.theory.sampling.trajectories = 400
    let exact = try MeanFieldSolver(setup).solve().curves
    setup.theory.sites = .ensembleBoth
    ClusterShapesTests.expectEqual(
      exact, try MeanFieldSolver(setup).solve().curves, tolerance: ClusterShapesTests.whiteNoise)
  }

  @Test("what is not worked out is refused, and no bound is given that is none")
  func refusals() throws {
    var setup = ClusterShapesTests.square()
    setup.sampleMask = FullMask()
    setup.weightMask = FullMask()
    let error = #expect(throws: SolverError.self) { try StaticSolver(setup.problem) }
    #expect("\(try #require(error))".contains("one row of inputs.variances"))
    #expect(OptimalErrors(setup.dynamics) == nil)
    setup.inputs = InputGroupsTests.groups()
    #expect(OptimalErrors(setup.dynamics) != nil)
    _ = try StaticSolver(setup.problem)
  }
}
