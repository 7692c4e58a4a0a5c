internal import Foundation
internal import LearningProblem
internal import NumericalKit
internal import Observables

/// The random numbers of the data points of one batch, the same in every sweep. `[stationary.ring]`
struct RingPoints: Sendable {
  /// What a data point is.
  struct Point: Sendable {
    let cluster: Cluster
    /// Its share in averages.
    let weight: Double
    /// z, its frozen field in units of √(Δ C_inf).
    let frozen: Double
  }

  /// Points 2i and 2i + 1 share cluster and frozen field.
  let points: [Point]
  let mask: RingMask
  /// L.
  let lags: Int
  /// Complex white noise ε(ω) of every point, re and im in turn: mean |ε|² = 2L.
  private var noise: [Float]

  init(_ dynamics: Dynamics, _ sampling: Sampling, batch: Int, lags: Int) {
    self.lags = lags
    let seed = sampling.seed
    let index = UInt64(batch)
    var shares = RandomStream(seed: seed, purpose: .shares, index: index)
    points = Self.points(dynamics, sampling.trajectories, &shares)
    var masks = RandomStream(seed: seed, purpose: .theoryMask, index: index)
    mask = RingMask(dynamics.sampleSwitches, count: points.count, steps: 2 * lags, stream: &masks)
    noise = [Float](repeating: 0, count: points.count * 2 * (lags + 1))
    var stream = RandomStream(seed: seed, purpose: .fieldNoise, index: index)
    var span = noise.mutableSpan
    stream.fillNormals(&span)
    normalise()
  }

  /// Pairs in proportion to the clusters, with frozen fields from intervals of equal probability.
  private static func points(
    _ dynamics: Dynamics, _ trajectories: Int, _ stream: inout RandomStream
  ) -> [Point] {
    dynamics.data.clusters.filter { $0.probability > 0 }.flatMap { cluster in
      let wanted = cluster.probability * Double(trajectories) / 4
      let strata = 2 * max(Int(wanted.rounded()), 2)
      var fields: [Double] = []
      for i in 0..<strata / 2 {
        let z = NormalDistribution.quantile((Double(i) + stream.uniform()) / Double(strata))
        fields += [z, -z]
      }
      let size = (fields.reduce(0) { $0 + $1 * $1 } / Double(strata)).squareRoot()
      let weight = cluster.probability / Double(2 * strata)
      return fields.flatMap { z in
        let point = Point(cluster: cluster, weight: weight, frozen: z / size)
        return [point, point]
      }
    }
  }

  /// Makes the mean of |ε|² over the points 2L at every frequency.
  private mutating func normalise() {
    let stride = 2 * (lags + 1)
    var sums = [Double](repeating: 0, count: lags + 1)
    for (j, point) in points.enumerated() {
      for k in 0...lags {
        let re = Double(noise[j * stride + 2 * k])
        let im = k == 0 || k == lags ? 0 : Double(noise[j * stride + 2 * k + 1])
        sums[k] += point.weight * (re * re + im * im)
      }
    }
    let scales = sums.map { Float((Double(2 * lags) / $0).squareRoot()) }
    for j in points.indices {
      for k in 0...lags {
        noise[j * stride + 2 * k] *= scales[k]
        noise[j * stride + 2 * k + 1] *= k == 0 || k == lags ? 0 : scales[k]
      }
    }
  }

  /// ε(ω) √P(ω) of point j, for amplitudes √P: the transform of its fluctuating field.
  func field(_ j: Int, amplitudes: [Double]) -> [Complex] {
    let start = j * 2 * (lags + 1)
    return (0...lags).map { k in
      amplitudes[k] * Complex(Double(noise[start + 2 * k]), Double(noise[start + 2 * k + 1]))
    }
  }
}
