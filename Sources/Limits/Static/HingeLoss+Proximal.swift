internal import LearningProblem

extension HingeLoss: ProximalLoss {
  static var hardLimit: HardLimit { .unitMargin }

  /// Beyond the margin nothing happens, before it u moves by s, at most to 1. `[static.proximal]`
  func proximal(_ omega: Double, strength s: Double) -> Proximal {
    if omega >= 1 { return Proximal(margin: omega, slope: 0, stiffness: 0) }
    if omega <= 1 - s { return Proximal(margin: omega + s, slope: -1, stiffness: 0) }
    return Proximal(margin: 1, slope: (omega - 1) / s, stiffness: 1)
  }

  func turns(strength s: Double) -> (places: [Double], width: Double) { ([1, 1 - s], 0) }
}
