internal import NumericalKit

/// Sums over sampled weights at one step; unit indices k, l; all additive.
struct WeightSums: Sendable {
  /// Σ ψ_k times v_p, the start's noise and ε_r, [k][row].
  var drift: [[Double]]
  /// Σ w_k(t+1) w_l(s) over flat (s, l), s <= t + 1, [k].
  var correlation: [[Double]]
  /// Σ ψ_k G_k and Σ G_k², [k].
  var descent: [Double]
  var power: [Double]
  /// Numbers of writes, Σ |written| and Σ written² of this step, over all units.
  var writes = 0.0
  var absoluteChange = 0.0
  var squaredChange = 0.0
  /// Σ |all that was written since the start|, over all units.
  var netChange = 0.0

  init(units: Int, noiseRows: Int, times: Int) {
    drift = Array(repeating: [Double](repeating: 0, count: noiseRows), count: units)
    correlation = Array(repeating: [Double](repeating: 0, count: units * times), count: units)
    descent = [Double](repeating: 0, count: units)
    power = descent
  }

  /// Adds the sums of other weights.
  mutating func add(_ other: WeightSums) {
    for k in drift.indices {
      DenseVector.add(1, other.drift[k], to: &drift[k])
      DenseVector.add(1, other.correlation[k], to: &correlation[k])
    }
    DenseVector.add(1, other.descent, to: &descent)
    DenseVector.add(1, other.power, to: &power)
    writes += other.writes
    absoluteChange += other.absoluteChange
    squaredChange += other.squaredChange
    netChange += other.netChange
  }

  /// Turns sums over n coordinates into averages.
  mutating func divide(by n: Double) {
    let inverse = 1 / n
    for k in drift.indices {
      for index in drift[k].indices { drift[k][index] *= inverse }
      for index in correlation[k].indices { correlation[k][index] *= inverse }
      descent[k] *= inverse
      power[k] *= inverse
    }
    writes *= inverse
    absoluteChange *= inverse
    squaredChange *= inverse
    netChange *= inverse
  }
}
