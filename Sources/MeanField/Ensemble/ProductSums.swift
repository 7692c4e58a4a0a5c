internal import NumericalKit

/// Sums over trajectories of K vectors with everything that is common to all: additive.
struct ProductSums: Sendable {
  /// Products with ε_r, [k][noise row].
  var noise: [[Double]]
  /// Products with earlier kicks, [k][kick row].
  var kicks: [[Double]]
  /// Products with the indicators of the clusters, [k][cluster].
  var clusters: [[Double]]

  init(units: Int, noiseRows: Int, kickRows: Int, clusters: Int) {
    func rows(_ width: Int) -> [[Double]] {
      Array(repeating: [Double](repeating: 0, count: width), count: units)
    }
    noise = rows(noiseRows)
    kicks = rows(kickRows)
    self.clusters = rows(clusters)
  }

  /// self += weights_k other_k; rows that `other` lacks count as zero, and missing ones are added.
  mutating func add(_ other: ProductSums, weights: [Double]? = nil) {
    for k in noise.indices {
      let weight = weights?[k] ?? 1
      Self.add(weight, other.noise[k], to: &noise[k])
      Self.add(weight, other.kicks[k], to: &kicks[k])
      Self.add(weight, other.clusters[k], to: &clusters[k])
    }
  }

  mutating func scale(by factor: Double) {
    for k in noise.indices {
      for index in noise[k].indices { noise[k][index] *= factor }
      for index in kicks[k].indices { kicks[k][index] *= factor }
      for index in clusters[k].indices { clusters[k][index] *= factor }
    }
  }

  private static func add(_ weight: Double, _ row: [Double], to sum: inout [Double]) {
    if sum.count < row.count {
      sum += [Double](repeating: 0, count: row.count - sum.count)
    }
    DenseVector.add(weight, row, to: &sum)
  }
}
