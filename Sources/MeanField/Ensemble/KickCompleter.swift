internal import NumericalKit

/// One unit's kick of the last step as a combination of vectors over the ensemble.
/// `[sampling.orthogonal]`
///
///   kick_k = Σ_l (drift_kl g_l + delta_kl δ_l) + Σ_r noise_r ε_r + Σ_r kicks_r kick_r + cluster_a
struct KickCompletion: Sendable {
  var drift: [Double]
  var delta: [Double]
  var noise: [Double]
  var kicks: [Double]
  var cluster: [Double]
}

/// Completes the kicks of masked steps from averages over the ensemble. `[sampling.orthogonal]`
/// `[sampling.persistent]`
struct KickCompleter: Sendable {
  private var orthogonaliser: KickOrthogonaliser
  private let noiseRows: Int
  /// Cluster indicators divided by these are normalised; they stand behind the noise rows.
  private let norms: [Double]

  /// - Parameters:
  ///   - noiseRows: all rows of the noise, those of a teacher included.
  ///   - shares: fraction of the ensemble in each cluster.
  ///   - kicks: the most kicks.
  init(units: Int, noiseRows: Int, shares: [Double], kicks: Int) {
    self.noiseRows = noiseRows
    norms = shares.map { max($0, .leastNormalMagnitude).squareRoot() }
    orthogonaliser = KickOrthogonaliser(
      units: units, staticRows: noiseRows + shares.count, kicks: kicks)
  }

  /// Coefficients of this step's kicks; the target squares become those that the kicks have.
  mutating func complete(
    _ sums: EnsembleSums, _ targets: inout KickTargets
  ) -> [KickCompletion] {
    let complete = orthogonaliser.complete(
      drift: projections(sums.drift), delta: projections(sums.delta), sums: sums,
      target: targets.followDrifts ? nil : projections(targets.products), square: targets.square)
    targets.square = complete.square
    return complete.kicks.map { unit in
      KickCompletion(
        drift: unit.drift, delta: unit.delta, noise: Array(unit.onStatic[0..<noiseRows]),
        kicks: unit.onKicks, cluster: zip(unit.onStatic[noiseRows...], norms).map { $0 / $1 })
    }
  }

  /// Merges kicks. `[frame.merge]`
  mutating func merge(_ flat: [RowMerge], _ rotation: NoiseRotation, leading: Int) {
    orthogonaliser.merge(flat, rotation, leading: leading)
  }

  private func projections(_ products: ProductSums) -> [Projection] {
    products.noise.indices.map { k in
      let noise = products.noise[k]
      let future = [Double](repeating: 0, count: noiseRows - noise.count)
      return Projection(
        onStatic: noise + future + zip(products.clusters[k], norms).map { $0 / $1 },
        onKicks: products.kicks[k])
    }
  }
}
