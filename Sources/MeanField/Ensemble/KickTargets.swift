internal import NumericalKit

/// The averages over the ensemble that the kicks of one step should have: estimates of E[√Δ g_k X].
struct KickTargets {
  /// The averages of products with noise, earlier kicks and cluster indicators.
  var products: ProductSums
  /// E[kick_k kick_l], row-major.
  var square: [Double]
  /// Whether products are those of the drifts.
  let followDrifts: Bool

  /// The targets that the drifts give, with the variance of the mask added. `[sampling.orthogonal]`
  init(drifts sums: EnsembleSums) {
    followDrifts = true
    products = sums.drift
    square = sums.driftDrift
    DenseVector.add(1, sums.maskVariance, to: &square)
  }

  init(products: ProductSums, square: [Double]) {
    followDrifts = false
    self.products = products
    self.square = square
  }
}
