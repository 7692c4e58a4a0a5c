/// A switch that is a stationary two-state Markov chain: on with probability b, correlation r per
/// step. `[mask.persistent]`
///
/// P(1→1) = b + r (1 - b), P(0→1) = (1 - r) b.
public struct MarkovSwitches: SteadySwitchLaw {
  public let density: Double
  /// r.
  public let persistence: Double
  public var correlation: Double? { persistence }

  /// Creates the chain; both transition probabilities must lie in [0, 1].
  public init(density: Double, correlation: Double) {
    precondition(density > 0 && density <= 1, "density must lie in (0, 1], got \(density)")
    precondition(
      correlation < 1 && correlation >= Self.lowestCorrelation(density: density),
      "correlation \(correlation) out of range at density \(density)")
    self.density = density
    persistence = correlation
  }

  /// The lowest r for which P(0→1) <= 1 and P(1→1) >= 0.
  static func lowestCorrelation(density b: Double) -> Double {
    b == 1 ? 0 : max(-b / (1 - b), 1 - 1 / b)
  }

  public func probabilityOn(step: Int, memory: Bool) -> Double {
    guard step > 0 else { return density }
    let probability = density + persistence * ((memory ? 1 : 0) - density)
    return min(max(probability, 0), 1)  // rounding only: the range is checked above
  }

  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { isOn }
}
