import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Inputs in groups, closed: numbers, identities and an oracle. `[inputs.weight]` `[inputs.sample]`
@Suite("Inputs in groups")
struct InputGroupsTests {
  /// The groups of the numbers of chapter 16.
  static func groups(_ basis: InputGroups.Basis = .inputs) -> GroupedInputs {
    GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [0.1, 0.5, 1.5], signal: [[0.4, 1, 2.5]], basis: basis)
  }

  /// Their problem.
  static func square(_ inputs: any InputModel, steps: Int = 30) -> Setup {
    var setup = Setup(
      data: TwoClusters(variance: 1), samplesPerWeight: 2, loss: SquareLoss(), weightDecay: 0.1,
      start: Start(variance: 0.5), learningRate: 0.2, steps: steps,
      sampleMask: IndependentMask(density: 0.4), weightMask: IndependentMask(density: 0.5),
      theory: TheorySettings(trajectories: 2000, batches: 8))
    setup.inputs = inputs
    return setup
  }

  static func closed(_ setup: Setup) throws -> [Curve] {
    var setup = setup
    setup.theory.sites = .closed
    return try MeanFieldSolver(setup).solve().curves
  }

  /// From an implementation of its own (Python), in which closed equations are written for any
  /// number of nodes.
  @Test(
    "numbers of a separate implementation, to six digits",
    arguments: [
      (
        InputGroups.Basis.inputs,
        [
          [0.080000, 0.477092, 0.516118], [0.280168, 0.464938, 0.309366],
          [0.451115, 0.508030, 0.186624], [0.521407, 0.564407, 0.141732],
        ]
      ),
      (
        InputGroups.Basis.axes,
        [
          [0.080000, 0.477092, 0.512545], [0.280168, 0.469726, 0.304636],
          [0.451115, 0.518518, 0.185242], [0.521407, 0.574971, 0.141135],
        ]
      ),
    ])
  func numbers(basis: InputGroups.Basis, rows: [[Double]]) throws {
    let curves = try Self.closed(Self.square(Self.groups(basis)))
    for (step, row) in zip([1, 5, 15, 30], rows) {
      for (observable, value) in zip([Observable.magnetisation, .norm, .trainingLoss], row) {
        #expect(abs(curves.named(observable).estimates[step].value - value) < 6e-7)
      }
    }
  }

  /// Problems that use every way of solving the weights.
  static let ways: [(String, Setup)] = {
    let none = AlikeInputs()
    var persistent = square(none, steps: 20)
    persistent.sampleMask = PersistentMask(density: 0.4, correlation: 0.7)
    persistent.weightMask = PersistentMask(density: 0.5, correlation: 0.7)
    persistent.start = Start(variance: 0.3, overlap: [[-0.3]])
    var logistic = square(none, steps: 12)
    logistic.loss = LogisticLoss()
    var sampled = logistic
    sampled.update = TopFractionUpdate(fraction: 0.3)
    var teacher = persistent
    teacher.data = LinearTeacher(noise: 0.3)
    var units = Setup(
      data: Xor(separation: 1.2, variance: 0.4), samplesPerWeight: 2,
      network: Committee(activation: .erf, readout: [1, -1]), loss: SquareLoss(), weightDecay: 0.1,
      start: Start(variance: 0.3, overlap: [[0.5, -0.1], [0.2, 0.7]]), learningRate: 0.3,
      steps: 10, weightMask: CompetitiveUnitsMask(fraction: 0.5),
      theory: TheorySettings(trajectories: 2000, batches: 4))
    units.dropout = Dropout(inputs: 0.2)
    return [
      ("closed", square(none)), ("persistent", persistent), ("sampled samples", logistic),
      ("sampled weights", sampled), ("teacher", teacher), ("units", units),
    ]
  }()

  @Test("one group is all inputs, to the last bit", arguments: ways)
  func oneGroup(name: String, setup: Setup) throws {
    var grouped = setup
    grouped.inputs = GroupedInputs(shares: [1], variances: [1])
    let alike = try MeanFieldSolver(setup).solve().curves
    let found = try MeanFieldSolver(grouped).solve().curves.filter { $0.observable.group == nil }
    #expect(found.map(\.observable) == alike.map(\.observable))
    for (one, other) in zip(found, alike) { #expect(one.estimates == other.estimates, "\(one)") }
  }

  @Test(
    "five equal groups are one: 1e-12 where closed, within errors where sampled", arguments: ways)
  func fiveGroups(name: String, setup: Setup) throws {
    var grouped = setup
    grouped.inputs = GroupedInputs(
      shares: [0.2, 0.2, 0.2, 0.2, 0.2], variances: [1, 1, 1, 1, 1])
    let alike = try MeanFieldSolver(setup).solve().curves
    let found = try MeanFieldSolver(grouped).solve().curves
    for curve in alike {
      for (one, other) in zip(found.named(curve.observable).estimates, curve.estimates) {
        let error = hypot(one.standardError, other.standardError)
        #expect(
          abs(one.value - other.value) < 5 * error + 1e-12, "\(curve.observable): \(one), \(other)")
      }
    }
  }

  @Test("the order of groups does not matter", arguments: [InputGroups.Basis.inputs, .axes])
  func permutation(basis: InputGroups.Basis) throws {
    let one = try Self.closed(Self.square(Self.groups(basis)))
    let other = try Self.closed(
      Self.square(
        GroupedInputs(
          shares: [0.2, 0.5, 0.3], variances: [1.5, 0.1, 0.5], signal: [[2.5, 0.4, 1]],
          basis: basis)))
    for curve in one where curve.observable.group == nil {
      for (a, b) in zip(curve.estimates, other.named(curve.observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-12)
      }
    }
    for (group, place) in [(0, 1), (1, 2), (2, 0)] {
      let (a, b) = (Observable.norm.of(group: group), Observable.norm.of(group: place))
      for (x, y) in zip(one.named(a).estimates, other.named(b).estimates) {
        #expect(abs(x.value - y.value) < 1e-12)
      }
    }
  }

  /// A variance common to all groups is one of the clusters; a group may be cut in two.
  @Test("variances scale, and groups may be split")
  func splits() throws {
    let whole = try Self.closed(Self.square(Self.groups()))
    var scaled = Self.square(
      GroupedInputs(
        shares: [0.5, 0.1, 0.2, 0.2], variances: [0.2, 1, 1, 3], signal: [[0.4, 1, 1, 2.5]]))
    scaled.data = TwoClusters(variance: 0.5)
    let parts = try Self.closed(scaled)
    for curve in whole where curve.observable.group == nil {
      for (a, b) in zip(curve.estimates, parts.named(curve.observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-12)
      }
    }
  }

  @Test("means over groups are those over all weights")
  func sums() throws {
    let setup = Self.square(Self.groups())
    let curves = try MeanFieldSolver(setup).solve().curves
    for observable in [Observable.norm, .magnetisation, .writes, .absoluteChange] {
      for step in 0...30 {
        let mean = zip([0.5, 0.3, 0.2], 0...).reduce(0.0) { sum, part in
          sum + part.0 * curves.named(observable.of(group: part.1)).estimates[step].value
        }
        let all = curves.named(observable).estimates[step].value
        #expect(abs(mean - all) < 1e-12 * max(1, abs(all)), "\(observable)")
      }
    }
  }

  /// The first step of chapter 16, with a start that has an overlap.
  @Test("the first step by hand", arguments: [InputGroups.Basis.inputs, .axes])
  func firstStep(basis: InputGroups.Basis) throws {
    var setup = Self.square(Self.groups(basis), steps: 1)
    setup.data = TwoClusters(variance: 0.5)
    setup.start = Start(variance: 0.5, overlap: [[0.3]])
    setup.weightMask = IndependentMask(density: 0.3)
    let curves = try Self.closed(setup)
    let (alpha, delta, b, p, eta, lambda) = (2.0, 0.5, 0.4, 0.3, 0.2, 0.1)
    let (rho, f, t) = ([0.5, 0.3, 0.2], [0.1, 0.5, 1.5], [0.4, 1, 2.5])
    let start = t.map { 0.5 + 0.09 * $0 }
    let seen = (0..<3).reduce(0) { $0 + rho[$1] * f[$1] * start[$1] }
    let mu = alpha * b * (0.3 - 1)
    let s = alpha * b * delta * (0.7 * 0.7 + delta * seen)
    // E[G²] and E[G w] of each group.
    var (square, power) = ([Double](), [Double]())
    for g in 0..<3 {
      let ell = lambda + f[g] * alpha * b * delta
      power.append(ell * start[g] + mu * 0.3 * t[g])
      square.append(
        ell * ell * start[g] + 2 * ell * mu * 0.3 * t[g] + mu * mu * t[g] + f[g] * s)
    }
    let all = (0..<3).reduce(0) { $0 + rho[$1] * square[$1] }
    for g in 0..<3 {
      let ell = lambda + f[g] * alpha * b * delta
      let m = 0.3 * t[g] - eta * p * (ell * 0.3 * t[g] + mu * t[g])
      let moved = basis == .inputs ? p * square[g] : p * p * square[g] + p * (1 - p) * all
      let c = start[g] - 2 * eta * p * power[g] + eta * eta * moved
      let found = curves.named(Observable.magnetisation.of(group: g)).estimates[1].value
      #expect(abs(found - m) < 1e-14)
      #expect(abs(curves.named(Observable.norm.of(group: g)).estimates[1].value - c) < 1e-14)
    }
    let loss = 0.5 * (0.7 * 0.7 + delta * seen)
    #expect(abs(curves.named(.trainingLoss).estimates[0].value - loss) < 1e-14)
  }

  @Test(
    "full batches: the deformed law of Marchenko and Pastur",
    arguments: [(2.0, 0.1, 0.0), (0.6, 0.02, 0.4), (3.0, 0.3, -0.5)])
  func spectrum(alpha: Double, decay: Double, overlap: Double) throws {
    let inputs = GroupedInputs(
      shares: [0.7, 0.3], variances: [0.3, 2], signal: [[0.4, 2.4]])
    var setup = Self.square(inputs, steps: 40)
    setup.data = TwoClusters(variance: 0.5)
    setup.samplesPerWeight = alpha
    setup.weightDecay = decay
    setup.learningRate = 0.1
    setup.start = Start(variance: 0.5, overlap: [[overlap]])
    setup.sampleMask = FullMask()
    setup.weightMask = FullMask()
    let groups = try #require(setup.dynamics.groups)
    let exact = GroupedSpectrum(
      alpha: alpha, variance: 0.5, groups: groups, decay: decay, rate: 0.1, start: setup.start)
    let curves = try Self.closed(setup)
    for step in [0, 1, 2, 7, 20, 40] {
      func value(_ observable: Observable) -> Double {
        curves.named(observable).estimates[step].value
      }
      #expect(abs(value(.magnetisation) - exact.magnetisation(step)) < 1e-9)
      #expect(abs(value(.norm) - exact.norm(step)) < 1e-9)
      #expect(abs(value(.trainingLoss) - exact.trainingLoss(step)) < 1e-9)
    }
  }
}
