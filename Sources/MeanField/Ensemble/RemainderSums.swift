internal import NumericalKit

/// Sums over trajectories of what a linear fit leaves of the gradient.
/// `[sampling.persistent]`
struct RemainderSums: MemberwiseAdditive {
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

  static let members: [Member] = [
    .of(\.rest), .of(\.surprise), .of(\.restSquare), .of(\.restMemory), .of(\.memoryMemory),
    .of(\.fit),
  ]
}
