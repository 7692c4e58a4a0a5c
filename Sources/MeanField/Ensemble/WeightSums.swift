internal import LearningProblem
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
  var changes: WeightValues
  /// Σ n_k ε_r of the raw noise of the next step, [k][row], and Σ n_k n_l; no rows without a frame.
  /// `[frame.noise]`
  var rawOnNoise: [[Double]] = []
  var rawSquare: [[Double]] = []

  init(units: Int, noiseRows: Int, times: Int, rule: any UpdateRule) {
    changes = .zero(rule)
    drift = Array(repeating: [Double](repeating: 0, count: noiseRows), count: units)
    correlation = Array(repeating: [Double](repeating: 0, count: units * times), count: units)
    descent = [Double](repeating: 0, count: units)
    power = descent
  }

  /// Expects raw noise of the next step.
  mutating func addFreshNoise() {
    rawOnNoise = drift.map { $0.map { _ in 0 } }
    rawSquare = drift.map { _ in [Double](repeating: 0, count: drift.count) }
  }

  static let members: [Member] = [
    .of(\.drift), .of(\.correlation), .of(\.descent), .of(\.power),
    .of(\.changes), .of(\.rawOnNoise), .of(\.rawSquare),
  ]
}
