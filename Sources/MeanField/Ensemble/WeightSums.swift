internal import NumericalKit
internal import Observables

/// Sums over sampled weights at one step; unit indices k, l.
struct WeightSums: MemberwiseAdditive {
  /// Σ ψ_k times v_p, the start's noise and ε_r, [k][row].
  var drift: [[Double]]
  /// Σ w_k(t+1) w_l(s) over flat (s, l), s <= t + 1, [k].
  var correlation: [[Double]]
  /// Σ ψ_k G_k and Σ G_k², [k].
  var descent: [Double]
  var power: [Double]
  /// What the step changed, and what has changed since the start, over all units.
  var changes = WeightValues.zero

  init(units: Int, noiseRows: Int, times: Int) {
    drift = Array(repeating: [Double](repeating: 0, count: noiseRows), count: units)
    correlation = Array(repeating: [Double](repeating: 0, count: units * times), count: units)
    descent = [Double](repeating: 0, count: units)
    power = descent
  }

  static let members: [Member] = [
    .of(\.drift), .of(\.correlation), .of(\.descent), .of(\.power),
    .of(\.changes),
  ]
}
