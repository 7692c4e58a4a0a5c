import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Probes against recursions of single trajectories in double precision, with the same random
/// numbers. `[sampling.probe]` `[sampling.weightprobe]` `[sampling.controls]`
@Suite("Probes of closed sites against single trajectories")
struct NaiveProbeTests {
  private static let batch = 1

  /// What a batch measured at each step.
  private func measured(_ observable: Observable, _ solution: Solution) throws -> [Double] {
    let recording = solution.recordings[Self.batch]
    let curve = try #require(
      Curve.mean(of: [recording, recording]).first { $0.observable == observable })
    return curve.estimates.map(\.value)
  }

  private func expectEqual(_ x: [Double], _ y: [Double], _ name: String) {
    #expect(x.count == y.count)
    for t in x.indices {
      #expect(abs(x[t] - y[t]) < 1e-5 * max(abs(x[t]), 0.1), "\(name) at \(t): \(x[t]), \(y[t])")
    }
  }

  @Test("data points: training error and activity", arguments: [0, 1])
  func samples(mask: Int) throws {
    let problem = ProbeTests.problem(ProbeTests.masks[mask])
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    let (delta, b) = (0.5, problem.dynamics.sampleSwitches.density(at: 0))
    let m = solution.curve(.magnetisation).estimates.map(\.value)
    let loss = solution.curve(.trainingLoss).estimates.map(\.value)
    let known = NaiveProbe.overlaps(problem, kernels, m)
    let factor = NaiveProbe.factor(NaiveProbe.steps + 1) { i, j in
      kernels.correlation[i, j, 0, 0] + (i == j ? 0.04 : 0)
    }
    var errors = [[[[Double]]]](repeating: [[], []], count: NaiveProbe.steps + 1)
    var activities = errors
    for (group, first) in stride(from: 0, to: ProbeTests.count, by: 256).enumerated() {
      let pairs = min(256, ProbeTests.count - first)
      let index = UInt64(Self.batch << 24 | group)
      var stream = RandomStream(seed: 5, purpose: .fieldNoise, index: index)
      let noise = NaiveProbe.normals((NaiveProbe.steps + 1) * pairs, &stream)
      let path = NaiveProbe.path(
        problem.dynamics.sampleSwitches, sites: 2 * pairs,
        RandomStream(seed: 5, purpose: .theoryMask, index: index))
      for pair in 0..<pairs {
        // Clusters alternate; both have y h = 1 + y e.
        let y = problem.data.clusters[(first + pair) % 2].label
        var kicks: [[Double]] = [[], []]
        for t in 0...NaiveProbe.steps {
          var error = [0.0, 0, 0]
          var activity = [0.0, 0, 0, 0]
          for member in 0...1 {
            let column = pair + member * pairs
            var zeta = 0.0
            for s in 0...t { zeta += factor[t][s] * noise[s * pairs + pair] }
            var e = y * (m[t] - 1) + (member == 0 ? 1 : -1) * delta.squareRoot() * zeta
            for s in 0..<t { e += delta * kernels.response[t, s, 0, 0] * kicks[member][s] }
            let wrong = y * (y + e) < 0 ? 0.5 : 0.0
            for (i, x) in [wrong, 0.5 * e * e, 0.5 * y * e].enumerated() { error[i] += x }
            guard t < NaiveProbe.steps else { continue }
            let a = 0.5 * path.probability[t][column]
            for (i, x) in [abs(y + e), e * e, y * e, 1].enumerated() { activity[i] += a * x }
            kicks[member].append(path.isOn[t][column] ? e : 0)
          }
          error[1] -= 2 * loss[t]
          error[2] -= known.whole[t]
          errors[t][group % 2].append(error)
          guard t < NaiveProbe.steps else { continue }
          activity[1] -= kernels.gradientCovariance[t, t, 0, 0] / (2 * delta)
          activity[2] -= known.masked[t]
          activity[3] -= b
          activities[t][group % 2].append(activity)
        }
      }
    }
    let exactErrors = (0...NaiveProbe.steps).map { t in
      // The fields are as good as Gaussian for this: 20 errors in all pairs.
      let spread = (2 * loss[t] - known.whole[t] * known.whole[t]).squareRoot()
      let gaussian = NormalDistribution.probabilityNegative(
        mean: 1 + known.whole[t], deviation: spread)
      return Double(ProbeTests.count) * gaussian < 20
        ? NaiveProbe.controlled(errors[t].map { $0.map { [$0[0]] } })
        : NaiveProbe.controlled(errors[t])
    }
    expectEqual(exactErrors, try measured(.trainingError, solution), "training error")
    let activity = NaiveProbe.cumulated(activities.dropLast().map(NaiveProbe.controlled))
    expectEqual(activity, try measured(.activity, solution), "activity")
  }

  @Test("weights: absolute and net change", arguments: [0, 1])
  func weights(mask: Int) throws {
    let problem = ProbeTests.problem(ProbeTests.masks[mask])
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let kernels = try #require(solution.kernels)
    let (eta, lambda, p) = (0.3, 0.1, problem.dynamics.weightSwitches.density(at: 0))
    let m = solution.curve(.magnetisation).estimates.map(\.value)
    let drive = NaiveProbe.overlaps(problem, kernels, m).masked.map { 2 * $0 }  // μ = α V
    let factor = NaiveProbe.factor(NaiveProbe.steps) { kernels.gradientCovariance[$0, $1, 0, 0] }
    var sizes = [[[[Double]]]](repeating: [[], []], count: NaiveProbe.steps)
    var distances = sizes
    func known(_ t: Int, _ s: Int) -> Double {
      kernels.correlation[t, t, 0, 0] + kernels.correlation[s, s, 0, 0]
        - 2 * kernels.correlation[t, s, 0, 0]
    }
    let width = ProbeTests.count / 2
    for group in 0...1 {
      let index = UInt64(Self.batch << 24 | group)
      var stream = RandomStream(seed: 5, purpose: .driveNoise, index: index)
      let xi = NaiveProbe.normals(width, &stream)
      let noise = NaiveProbe.normals((NaiveProbe.steps + 1) * width, &stream)
      let path = NaiveProbe.path(
        problem.dynamics.sampleSwitches, sites: width,
        RandomStream(seed: 5, purpose: .theoryWeightMask, index: index))
      for j in 0..<width {
        var w = [problem.start.variance.squareRoot() * xi[j] + 0.3 * noise[j]]
        var (taken, way) = (0.0, 0.0)
        for t in 0..<NaiveProbe.steps {
          var gradient = lambda * w[t] + drive[t] * noise[j]
          for s in 0...t {
            gradient += factor[t][s] * noise[(s + 1) * width + j]
            gradient += kernels.gradientResponse[t, s, 0, 0] * w[s]
          }
          let (move, a) = (eta * gradient, path.probability[t][j])
          let square: Double = a * move * move - known(t + 1, t)
          sizes[t][group].append([a * abs(move), square, a - p])
          w.append(path.isOn[t][j] ? w[t] - move : w[t])
          taken += path.isOn[t][j] ? 1 : 0
          way += abs(w[t + 1] - w[t])
          let distance = w[t + 1] - w[0]
          distances[t][group].append([
            abs(distance), distance * distance - known(t + 1, 0), taken - p * Double(t + 1), way,
          ])
        }
      }
    }
    let absolute = NaiveProbe.cumulated(sizes.map(NaiveProbe.controlled))
    expectEqual(absolute, try measured(.absoluteChange, solution), "absolute change")
    let net =
      [0.0]
      + (0..<NaiveProbe.steps).map { t in
        // The mean way is the absolute change.
        NaiveProbe.controlled(
          distances[t].map { half in half.map { Array($0[..<3]) + [$0[3] - absolute[t + 1]] } })
      }
    expectEqual(net, try measured(.netChange, solution), "net change")
  }
}
