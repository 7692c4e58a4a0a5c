internal import NumericalKit

/// Sums over trajectories of K vectors with everything that is common to all.
struct ProductSums: MemberwiseAdditive {
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

  static let members: [Member] = [
    .of(\.noise), .of(\.kicks), .of(\.clusters),
  ]

  /// self += weights_k other_k.
  mutating func add(_ other: ProductSums, weights: [Double]) {
    var weighted = other
    for (k, weight) in weights.enumerated() {
      weighted.noise[k].scale(by: weight)
      weighted.kicks[k].scale(by: weight)
      weighted.clusters[k].scale(by: weight)
    }
    add(weighted)
  }
}
