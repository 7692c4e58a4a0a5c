internal import LearningProblem

/// A convex loss of the margin u = y f, with what the minimiser of a sum of such losses needs.
///
/// All losses are functions of y f alone where labels are ±1: ℓ(y, f) = ℓ(1, y f).
protocol ProximalLoss: OutputLoss {
  /// The u that minimises ℓ(u) + (u - ω)²/(2s), for s >= 0. `[static.proximal]`
  func proximal(_ omega: Double, strength: Double) -> Proximal
  /// The ω near which the proximal operator of strength s bends, and over which width; 0 is a kink.
  func turns(strength: Double) -> (places: [Double], width: Double)
  /// What is minimised where the weights may grow without cost. `[static.hard]`
  static var hardLimit: HardLimit { get }
}

/// The proximal operator of a loss at one ω.
struct Proximal {
  /// u, the margin after learning.
  let margin: Double
  /// ℓ'(u).
  let slope: Double
  /// s ℓ''(u)/(1 + s ℓ''(u)), between 0 and 1: how much of a shift of ω learning takes back.
  let stiffness: Double
}

/// What remains of a loss for λ -> 0+ where it can be made zero. `[static.hard]`
enum HardLimit: Sendable {
  /// All samples beyond the margin 1: u >= 1.
  case unitMargin
  /// All samples beyond a margin that grows without bound.
  case growingMargin
  /// All samples exactly at u = 1.
  case interpolation
}

extension ProximalLoss {
  /// ℓ(u).
  func value(_ margin: Double) -> Double { evaluate(label: 1, output: margin).value }
  /// ℓ'(0).
  var slopeAtZero: Double { evaluate(label: 1, output: 0).slope }
}
