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

  /// Two directions, correlated within groups, and a start that measures one more: q is
  /// T - (T⁻¹ + K)⁻¹, without any root of T, and two clusters of each variance are told apart by
  /// their difference.
  @Test(arguments: [0, 0.4, 2.5]) func directionsAndStart(_ alpha: Double) throws {
    let signal = [[0.5, 1.5], [0.2, -0.2], [1.2, 0.8]]
    let clusters = [([0.9, 0.3], 1.0, 0.7), ([-0.4, 1.1], -1, 0.7), ([0.2, -0.6], 1, 1.8)]
      .map { Cluster(probability: 1.0 / 3, centre: $0.0, label: $0.1, variance: $0.2) }
    let found = try #require(
      try errors {
        $0.data = Mixture(clusters: clusters)
        $0.start = Start(variance: 0.4, overlap: [[0.8, -0.5]])
        $0.inputs = GroupedInputs(shares: [0.5, 0.5], variances: [0.3, 1.4], signal: signal)
      })
    func inverse(_ m: [[Double]]) -> [[Double]] {
      let determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0]
      return [
        [m[1][1] / determinant, -m[0][1] / determinant],
        [-m[1][0] / determinant, m[0][0] / determinant],
      ]
    }
    var (overlap, metric, oracle) = (
      [[0.0, 0], [0, 0]], [[0.0, 0], [0, 0]], [[0.0, 0], [0, 0]]
    )
    for (group, f) in [0.3, 1.4].enumerated() {
      let t = [[signal[0][group], signal[1][group]], [signal[1][group], signal[2][group]]]
      var precision = inverse(t)
      for p in 0..<2 {
        for q in 0..<2 {
          precision[p][q] += [0.8, -0.5][p] * [0.8, -0.5][q] / 0.4
          for cluster in clusters {
            precision[p][q] +=
              alpha / 3 / (cluster.variance * f) * cluster.centre[p]
              * cluster.centre[q]
          }
        }
      }
      let left = inverse(precision)
      for p in 0..<2 {
        for q in 0..<2 {
          overlap[p][q] += 0.5 * (t[p][q] - left[p][q])
          metric[p][q] += 0.5 / f * (t[p][q] - left[p][q])
          oracle[p][q] += 0.5 / f * t[p][q]
        }
      }
    }
    let q = found.overlap(samplesPerWeight: alpha)
    for (row, expected) in zip(q, overlap) {
      for (a, b) in zip(row, expected) { #expect(abs(a - b) < 1e-12, "\(q), \(overlap)") }
    }
    // The third cluster is alone in its variance.
    func error(_ metric: [[Double]]) -> Double {
      let difference = [1.3, -0.8]
      var square = 0.0
      for p in 0..<2 {
        for q in 0..<2 { square += difference[p] * metric[p][q] * difference[q] }
      }
      return 2 / 3.0 * NormalDistribution.cumulative(-0.5 * (square / 0.7).squareRoot())
    }
    #expect(abs(found.bayes(samplesPerWeight: alpha).value - error(metric)) < 1e-7)
    #expect(abs(found.oracle.value - error(oracle)) < 1e-7)
  }

  @Test func sharedLabelsHaveNone() throws {
    let found = try errors {
      $0.data = Xor(separation: 1, variance: 1)
      $0.start = Start(variance: 0.1, overlap: [[0, 0]])
    }
    #expect(found == nil)
  }
}
