/// The sampled data points of a block, in antithetic pairs: columns j and j + pairs share cluster
/// and noise, with opposite sign. `[sampling.noise]`
struct Trajectories: Sendable {
  /// The cluster of each pair.
  let clusterOf: [Int]
  /// y of each trajectory.
  let labels: [Double]
  /// √Δ of each trajectory.
  let fieldScales: [Double]
  /// Δ of each trajectory.
  let variances: [Double]

  init(clusterOf: [Int], labels: [Double], fieldScales: [Double]) {
    self.clusterOf = clusterOf
    self.labels = labels
    self.fieldScales = fieldScales
    variances = fieldScales.map { $0 * $0 }
  }

  /// Pairs.
  var pairs: Int { clusterOf.count }
  /// Trajectories.
  var width: Int { 2 * pairs }

  /// The cluster of trajectory j.
  func cluster(_ j: Int) -> Int { clusterOf[j % pairs] }
}
