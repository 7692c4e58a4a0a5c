import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Sites of groups as they are solved: sampled, probed, in a frame, in continuous time.
/// `[inputs.weight]`
@Suite("Sites of groups of inputs")
struct InputGroupSitesTests {
  /// Sampled sites against closed ones, with shares that are no multiples of a trajectory.
  @Test("sampled weights and samples agree with closed ones")
  func sampled() throws {
    var setup = InputGroupsTests.ways[1].1
    setup.inputs = GroupedInputs(
      shares: [0.561, 0.333, 0.106], variances: [0.1, 0.7, 2.5],
      signal: [[0.5, 1, (1 - 0.561 * 0.5 - 0.333) / 0.106]])
    let exact = try MeanFieldSolver(setup).solve().curves
    setup.theory.sites = .ensembleBoth
    setup.theory.sampling.batches = 32
    let found = try MeanFieldSolver(setup).solve().curves
    for curve in exact {
      for (a, b) in zip(curve.estimates, found.named(curve.observable).estimates) {
        #expect(
          abs(a.value - b.value) < 5 * hypot(a.standardError, b.standardError)
            + ClusterShapesTests.whiteNoise,
          "\(curve.observable) \(a) \(b)")
      }
    }
  }

  /// Weights that start along a signal of which most inputs have little tell L from 1: what probes
  /// measure, against sampled weights. `[inputs.root]`
  @Test("probes of groups start with the overlaps of these")
  func probes() throws {
    var setup = InputGroupsTests.ways[1].1
    setup.start = Start(variance: 0.1, overlap: [[-1.5]])
    setup.inputs = GroupedInputs(
      shares: [0.6, 0.3, 0.1], variances: [0.1, 0.7, 2.5], signal: [[0.05, 1, 6.7]])
    let exact = try MeanFieldSolver(setup).solve().curves
    setup.theory.sites = .ensembleBoth
    let found = try MeanFieldSolver(setup).solve().curves
    for observable in [Observable.absoluteChange, .netChange, .absoluteChange.of(group: 0)] {
      let pairs = zip(
        exact.named(observable).estimates, found.named(observable).estimates)
      for (a, b) in pairs.dropFirst() {
        #expect(a.standardError > 0)
        #expect(
          abs(a.value - b.value) < 5 * hypot(a.standardError, b.standardError),
          "\(observable) \(a) \(b)")
      }
    }
  }

  /// Rows merge in every group. `[frame.merge]`
  @Test("a frame of the past agrees with all rows", arguments: [InputGroups.Basis.inputs, .axes])
  func frames(basis: InputGroups.Basis) throws {
    try InputGroupsTests.square(InputGroupsTests.groups(basis), steps: 300).expectFramesAgree()
  }

  /// Growing steps stay stable at the largest variance only. `[flow.steepness]`
  @Test("continuous time: growing steps agree with equal ones")
  func flow() throws {
    var setup = InputGroupsTests.square(
      GroupedInputs(shares: [0.8, 0.2], variances: [0.2, 6], signal: [[0.5, 3]]))
    setup.sampleMask = FullMask()
    setup.weightMask = FullMask()
    let equal = try FlowSolver(setup.flowing(Flow(duration: 4, step: 0.02))).solve()
    let growing = try FlowSolver(setup.flowing(Flow(duration: 4, step: 0.05, growth: 0.2))).solve()
    for observable in [Observable.magnetisation, .norm, .norm.of(group: 1), .trainingLoss] {
      let (a, b) = (equal.curve(observable).estimates, growing.curve(observable).estimates)
      let (x, y) = (try #require(a.last), try #require(b.last))
      #expect(abs(x.value - y.value) < 1e-3, "\(observable): \(x), \(y)")
    }
  }

  /// In one group the first unit has the larger gradients, in the other one the second.
  @Test("units compete with the gradients of all groups", arguments: [false, true])
  func unitsCompete(samplesWeights: Bool) throws {
    var setup = InputGroupsTests.ways[5].1
    setup.dropout = Dropout()
    setup.start = Start(variance: 0.01, overlap: [[0.9, 0], [0, 0.8]])
    setup.steps = 1
    setup.inputs = GroupedInputs(
      shares: [0.6, 0.4], variances: [1, 1],
      signal: [[1.6, 0.1], [0.1, 2.35]])
    if samplesWeights { setup.theory.sites = .ensembleBoth }
    let curves = try MeanFieldSolver(setup).solve().curves
    let moved = (0..<2).map { g in
      (0..<2).map { k in
        let norm = curves.named(Observable.norm(k, k, single: false).of(group: g)).estimates
        return abs(norm[1].value - norm[0].value) > 1e-9
      }
    }
    #expect(moved[0] == moved[1] && moved[0].count { $0 } == 1, "\(moved)")
  }
}
