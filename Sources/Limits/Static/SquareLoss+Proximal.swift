internal import LearningProblem

extension SquareLoss: ProximalLoss {
  static var hardLimit: HardLimit { .interpolation }

  /// A weighted mean of ω and 1. `[static.proximal]`
  func proximal(_ omega: Double, strength s: Double) -> Proximal {
    Proximal(
      margin: (omega + s) / (1 + s), slope: (omega - 1) / (1 + s), stiffness: s / (1 + s))
  }

  func turns(strength: Double) -> (places: [Double], width: Double) { ([], 0) }
}
