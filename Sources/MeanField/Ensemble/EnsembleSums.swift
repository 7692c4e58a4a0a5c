internal import NumericalKit
internal import Observables

/// Sums over trajectories at one step; unit indices k, l.
struct EnsembleSums: MemberwiseAdditive {
  /// What is measured on the trajectories, means over units in learning passes.
  var samples = SampleSums()
  /// Σ a σ ∂Λ/∂a of the readout.
  var readout: [Double]
  /// Products of drift_k and of δ_k.
  var drift: ProductSums
  var delta: ProductSums
  /// Σ a Ĥ_kl.
  var curvature: [Double]
  /// Σ drift_k drift_l, Σ δ_k drift_l, Σ δ_k δ_l and Σ a(1-a) g_k g_l.
  var driftDrift: [Double]
  var deltaDrift: [Double]
  var deltaDelta: [Double]
  var maskVariance: [Double]
  /// Σ of a Ĥ D of the tangents, [k][flat (s, l)]; empty unless tangents are followed.
  var tangent: [[Double]]
  /// What persistent masks need in addition.
  var remainder: RemainderSums?
  /// What the noise of a frame needs in addition.
  var frame: FrameSums?

  init(
    units: Int, clusters: Int, noiseRows: Int, kickRows: Int, tangentColumns: Int, readoutCount: Int
  ) {
    readout = [Double](repeating: 0, count: readoutCount)
    let square = [Double](repeating: 0, count: units * units)
    drift = ProductSums(
      units: units, noiseRows: noiseRows, kickRows: kickRows, clusters: clusters)
    delta = drift
    curvature = square
    driftDrift = square
    deltaDrift = square
    deltaDelta = square
    maskVariance = square
    tangent = Array(repeating: [Double](repeating: 0, count: tangentColumns), count: units)
  }

  static let members: [Member] = [
    .of(\.samples), .of(\.readout), .of(\.drift),
    .of(\.delta), .of(\.curvature), .of(\.driftDrift), .of(\.deltaDrift), .of(\.deltaDelta),
    .of(\.maskVariance), .of(\.tangent), .of(\.remainder), .of(\.frame),
  ]

  /// Adds the products of one block's kicks with each other, and what they depend on.
  mutating func add(
    _ kicks: Kicks, _ gradients: Gradients, _ presence: Presence, isMasked: Bool
  ) {
    let (units, conditional) = (kicks.drift.count, presence.conditional)
    let (drift, delta, g) = (kicks.drift, kicks.delta, gradients.values)
    for k in 0..<units {
      for l in 0..<units {
        let index = k * units + l
        curvature[index] += DenseVector.dot(conditional, gradients.curvature[index])
        driftDrift[index] += DenseVector.dot(drift[k], drift[l])
        guard isMasked else { continue }
        deltaDrift[index] += DenseVector.dot(delta[k], drift[l])
        deltaDelta[index] += DenseVector.dot(delta[k], delta[l])
        var variance = 0.0
        for j in conditional.indices {
          variance += conditional[j] * (1 - conditional[j]) * g[k][j] * g[l][j]
        }
        maskVariance[index] += variance
      }
    }
    for (index, values) in gradients.readout.enumerated() {
      readout[index] += DenseVector.dot(conditional, values)
    }
  }
}
