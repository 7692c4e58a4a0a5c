import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

/// Sampled solves with persistent sample masks. `[sampling.persistent]`
@Suite("Persistent sample masks")
struct PersistentMaskTests {
  private static let mask = PersistentMask(density: 0.3, correlation: 0.9)

  @Test("the spread between batches is that of the controlled kicks")
  func spread() throws {
    let solution = try MeanFieldSolver(
      Cases.logistic(steps: 100, sampleMask: Self.mask, trajectories: 4000, batches: 64)
    ).solve()
    // Measured .0003, .0010 and .0001; without surprises .0007, .0017 and .00014; with draws
    // balanced in every block alone .0009, .0025 and .00027; with kicks of their own drifts .0024,
    // .0026, .00065.
    for (observable, allowed) in [
      (Observable.magnetisation, 0.0005), (.norm, 0.0014), (.trainingLoss, 0.0002),
    ] {
      let estimate = try #require(solution.curve(observable).at(step: 100))
      #expect(estimate.standardError * 8 < allowed, "\(observable): \(estimate)")
    }
  }

  @Test("agrees with plain sampling")
  func plain() throws {
    let solution = try MeanFieldSolver(
      Cases.logistic(steps: 100, sampleMask: Self.mask, trajectories: 8000, batches: 8)
    ).solve()
    // Plain sampling without any of chapter 5 (numpy, 16 runs of 200000 trajectories).
    for (observable, value, error) in [
      (Observable.magnetisation, 0.972614, 0.00027), (.norm, 1.393391, 0.00074),
      (.trainingLoss, 0.309705, 0.00006),
    ] {
      let found = try #require(solution.curve(observable).at(step: 100))
      let joint = (error * error + found.standardError * found.standardError).squareRoot()
      #expect(abs(found.value - value) < 5 * joint, "\(observable): \(found) against \(value)")
    }
  }

  @Test("the square loss leaves nothing to sample", arguments: [-0.4, 0.5, 0.9])
  func squareLoss(correlation: Double) throws {
    var problem = Cases.square(
      steps: 60, sampleMask: PersistentMask(density: 0.4, correlation: correlation))
    problem.gradientScale = .mean
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 2000, batches: 4, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      for (a, b) in zip(exact.curve(observable).estimates, sampled.curve(observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-5, "\(observable): \(a) against \(b)")
        #expect(b.standardError < 1e-6)
      }
    }
  }

  @Test("two hidden units and four clusters: doubled trajectories agree, with little spread")
  func committee() throws {
    var problem = Setup(
      data: Xor(separation: 2, variance: 0.3), samplesPerWeight: 2,
      network: Committee(activation: .erf, readout: [1, -1]), weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.4, 0.1], [0.1, 0.4]]), learningRate: 0.2, steps: 30,
      sampleMask: Self.mask, theory: TheorySettings(trajectories: 2000, batches: 16))
    let few = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 4000, batches: 16, seed: 9)
    let many = try MeanFieldSolver(problem).solve()
    for observable in [Observable.norm(0, 0, single: false), .trainingLoss] {
      let x = try #require(few.curve(observable).at(step: 30))
      let y = try #require(many.curve(observable).at(step: 30))
      #expect(x.differs(from: y) < 5, "\(observable): \(x) against \(y)")
      #expect(y.standardError * 4 < 0.003, "\(observable): \(y)")
    }
  }

  @Test("nearly frozen masks, which too few trajectories carry, still march")
  func nearlyFrozen() throws {
    let problem = Cases.logistic(
      steps: 60, sampleMask: PersistentMask(density: 0.3, correlation: 0.998), trajectories: 4000)
    let found = try #require(try MeanFieldSolver(problem).solve().curve(.trainingLoss).at(step: 60))
    let frozen = try #require(
      try MeanFieldSolver(
        Cases.logistic(steps: 60, sampleMask: FrozenMask(density: 0.3), trajectories: 4000)
      ).solve().curve(.trainingLoss).at(step: 60))
    #expect(abs(found.value - frozen.value) < 0.02, "\(found) against \(frozen)")
  }
}

extension Estimate {
  /// Distance in joint standard errors.
  fileprivate func differs(from other: Estimate) -> Double {
    abs(value - other.value)
      / (standardError * standardError + other.standardError * other.standardError).squareRoot()
  }
}
