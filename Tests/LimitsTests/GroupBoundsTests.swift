import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

/// Oracle and Bayes-optimal errors with inputs in groups. `[inputs.optimal]`
@Suite struct GroupBoundsTests {
  private static let (shares, variances, signal) = (
    [0.5, 0.3, 0.2], [0.1, 0.5, 1.5], [0.4, 1, 2.5]
  )

  private func errors(_ change: (inout Problem.Parts) -> Void = { _ in }) throws -> OptimalErrors? {
    var setup = Cases.square(steps: 2)
    setup.parts.data = TwoClusters(variance: 2)
    setup.inputs = GroupedInputs(
      shares: Self.shares, variances: Self.variances, signal: [Self.signal])
    change(&setup.parts)
    return OptimalErrors(setup)
  }

  /// Estimators in 200 000 dimensions, made of one number per input: the posterior mean over f, and
  /// v over f, with the errors that these directions have.
  @Test(arguments: [0.3, 2.0]) func estimatorsReachThem(_ alpha: Double) throws {
    let found = try #require(try errors())
    let d = 200_000
    var stream = RandomStream(seed: 4, purpose: .check)
    var (m, c, oracle) = (0.0, 0.0, 0.0)
    for (group, share) in Self.shares.enumerated() {
      let (f, t) = (Self.variances[group], Self.signal[group])
      for _ in 0..<Int((share * Double(d)).rounded()) {
        let v = t.squareRoot() * stream.normal()
        // √d times the mean of y x over α d samples is v and noise of variance Δ f/α.
        let noise = 2 * f / alpha
        let mean = t / (t + noise) * (v + noise.squareRoot() * stream.normal())
        m += mean * v / f
        c += mean * mean / f
        oracle += v * v / f
      }
    }
    let size = Double(d)
    let bayes = NormalDistribution.cumulative(-(m / size) / (2 * c / size).squareRoot())
    #expect(abs(found.bayes(samplesPerWeight: alpha).value - bayes) < 1e-3)
    let exact = NormalDistribution.cumulative(-(oracle / size / 2).squareRoot())
    #expect(abs(found.oracle.value - exact) < 1e-3)
    #expect(found.oracle.value < bayes)
  }

  /// One group, and equal ones, are inputs that are alike.
  @Test func equalGroupsChangeNothing() throws {
    let alike = try #require(try errors { $0.inputs = AlikeInputs() })
    let equal = try #require(
      try errors { $0.inputs = GroupedInputs(shares: [0.25, 0.75], variances: [1, 1]) })
    #expect(abs(alike.oracle.value - equal.oracle.value) < 1e-9)
    for alpha in [0.0, 0.5, 3] {
      let difference =
        alike.bayes(samplesPerWeight: alpha).value - equal.bayes(samplesPerWeight: alpha).value
      #expect(abs(difference) < 1e-9)
    }
    #expect(abs(equal.overlap(samplesPerWeight: 2)[0][0] - 0.5) < 1e-12)
  }

  @Test func sharedLabelsHaveNone() throws {
    let found = try errors {
      $0.data = Xor(separation: 1, variance: 1)
      $0.start = Start(variance: 0.1, overlap: [[0, 0]])
    }
    #expect(found == nil)
  }
}
