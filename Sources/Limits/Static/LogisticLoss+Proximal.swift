internal import Foundation
internal import LearningProblem

extension LogisticLoss: ProximalLoss {
  static var hardLimit: HardLimit { .growingMargin }

  /// Newton's method on u - s σ(-u) = ω. `[static.logistic]`
  ///
  /// The root is not negative for ω >= -s/2, and there the left side is concave and increasing:
  /// from a point below the root every step stays below it. For ω < -s/2 the mirror image is
  /// solved.
  func proximal(_ omega: Double, strength s: Double) -> Proximal {
    let mirrored = omega < -0.5 * s
    let target = mirrored ? -omega - s : omega
    var u = max(target, 0)
    // Above the root; σ(-u) = (u - ω)/s at this bound gives a point below it.
    let above = u + log1p(s)
    let odds = s / (above - target) - 1
    if odds > 1 { u = max(u, log(odds)) }
    for _ in 0..<100 {
      let decay = exp(-u)
      let sigmoid = decay / (1 + decay)
      let step = (target + s * sigmoid - u) / (1 + s * sigmoid * (1 - sigmoid))
      u += step
      if abs(step) <= 1e-15 * (1 + u) { break }
    }
    let value = evaluate(label: 1, output: mirrored ? -u : u)
    let curved = s * value.curvature
    return Proximal(
      margin: mirrored ? -u : u, slope: value.slope, stiffness: curved / (1 + curved))
  }

  /// The real parts of the nearest singularities, whose imaginary part is π for every s.
  /// `[static.panels]`
  func turns(strength s: Double) -> (places: [Double], width: Double) {
    let a = 2 * asinh(0.5 * s.squareRoot())
    let place = a > 0 ? a + s / expm1(a) : 0
    return ([place, -place - s], 1)
  }
}
