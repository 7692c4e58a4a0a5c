internal import NumericalKit

/// Sums over trajectories of what a linear fit leaves of the gradient; all additive.
/// `[sampling.persistent]`
struct RemainderSums: Sendable {
  /// Products of a ρ_k and of ξ ρ_k.
  var rest: ProductSums
  var surprise: ProductSums
  /// Σ a q_kl, q_kl = g_k g_l minus the product of the fits.
  var restSquare: [Double]
  /// Σ a ρ_k ω_k and Σ ω_k², ω_k the decaying sum of earlier ξ ρ_k.
  var restMemory: [Double]
  var memoryMemory: [Double]
  /// The sums for the fits of the next step, and what this step's fit of second order needs.
  var fit: FitSums

  init(units: Int, clusters: Int, noiseRows: Int, kickRows: Int) {
    rest = ProductSums(
      units: units, noiseRows: noiseRows, kickRows: kickRows, clusters: clusters)
    surprise = rest
    restSquare = [Double](repeating: 0, count: units * units)
    restMemory = [Double](repeating: 0, count: units)
    memoryMemory = restMemory
    fit = FitSums(units: units, clusters: clusters)
  }

  private static let arrays = [
    \RemainderSums.restSquare, \.restMemory, \.memoryMemory,
  ]

  mutating func add(_ other: RemainderSums) {
    rest.add(other.rest)
    surprise.add(other.surprise)
    for path in Self.arrays { DenseVector.add(1, other[keyPath: path], to: &self[keyPath: path]) }
    fit.add(other.fit)
  }

  mutating func scale(by factor: Double) {
    rest.scale(by: factor)
    surprise.scale(by: factor)
    for path in Self.arrays {
      for index in self[keyPath: path].indices { self[keyPath: path][index] *= factor }
    }
    fit.scale(by: factor)
  }
}
