internal import NumericalKit

/// Sums over trajectories at one step; unit indices k, l; all additive.
struct EnsembleSums: Sendable {
  /// Σ Λ and Σ of errors.
  var loss = 0.0
  var error = 0.0
  /// Σ a |h_k|, the mean over units.
  var activity = 0.0
  /// Σ Δ Σ_k ∂²Λ/∂h_k².
  var sharpness = 0.0
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

  private static let squares = [
    \EnsembleSums.curvature, \.driftDrift, \.deltaDrift, \.deltaDelta, \.maskVariance,
  ]

  /// Adds the sums of other trajectories.
  mutating func add(_ other: EnsembleSums) {
    loss += other.loss
    error += other.error
    activity += other.activity
    sharpness += other.sharpness
    DenseVector.add(1, other.readout, to: &readout)
    drift.add(other.drift)
    delta.add(other.delta)
    for path in Self.squares { DenseVector.add(1, other[keyPath: path], to: &self[keyPath: path]) }
    for (k, row) in other.tangent.enumerated() { DenseVector.add(1, row, to: &tangent[k]) }
    if let other = other.remainder { remainder?.add(other) }
  }

  /// Turns sums over n trajectories into averages.
  mutating func divide(by n: Double) {
    let inverse = 1 / n
    loss *= inverse
    error *= inverse
    activity *= inverse
    sharpness *= inverse
    for index in readout.indices { readout[index] *= inverse }
    drift.scale(by: inverse)
    delta.scale(by: inverse)
    for path in Self.squares {
      for index in self[keyPath: path].indices { self[keyPath: path][index] *= inverse }
    }
    for k in tangent.indices {
      for index in tangent[k].indices { tangent[k][index] *= inverse }
    }
    remainder?.scale(by: inverse)
  }
}
