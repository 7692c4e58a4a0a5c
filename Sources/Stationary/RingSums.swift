internal import NumericalKit

/// What data points on a ring add up to, over points with their weights and over the steps.
struct RingSums: MemberwiseAdditive {
  /// E[B_p a_t σ ∂Λ].
  var drive: [Double]
  /// E[Δ a_t σ H(t) D(t, t - τ)].
  var response: [Double]
  /// Power of the kicks at every frequency, without their means.
  var power: [Double]
  /// Σ of drifts times conjugate noise at every frequency, and with the frozen field at 0; for
  /// losses whose slope jumps.
  var cross: [Complex]
  /// E[(mean of a point's kicks)²].
  var meanSquare = 0.0
  /// E[product of the means of two points of one frozen field].
  var frozen = 0.0
  /// Mean loss.
  var loss = 0.0
  /// Fraction of errors.
  var error = 0.0

  init(directions: Int, lags: Int) {
    drive = [Double](repeating: 0, count: directions)
    response = [Double](repeating: 0, count: lags)
    power = [Double](repeating: 0, count: lags + 1)
    cross = power.map { Complex($0) }
  }

  static let members: [Member] = [
    .of(\.drive), .of(\.response), .of(\.power), .of(\.cross), .of(\.meanSquare), .of(\.frozen),
    .of(\.loss), .of(\.error),
  ]
}
