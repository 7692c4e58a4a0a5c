/// The law of one switch: when a site (a sample, or a synapse) is on.
///
/// Sites are independent and share the law. A law has one bit of memory per site; its meaning
/// belongs to the law (the last position of the switch, or whether it was on in this epoch).
/// Theory draws one path per trajectory and training one per sample or weight, from these same
/// functions and different random streams. Contract, tested on every entry of the catalogue: the
/// fraction on is `density` at every step, and where `correlation` is not nil, the covariance of
/// two steps is density (1 - density) correlation^lag.
public protocol SwitchLaw: Sendable {
  /// The probability that a site is on, in (0, 1], the same at every step: b of samples, p of
  /// weights.
  var density: Double { get }
  /// The correlation per step, r of samples and ρ of weights, if the switch is a stationary
  /// two-state Markov chain, else nil.
  var correlation: Double? { get }
  /// Correlation of the switch at `step` >= 1 with that of the step before, if it is a Markov
  /// chain, stationary or not; else nil.
  func correlation(into step: Int) -> Double?
  /// P(on at `step` | memory) in [0, 1]; at step 0 the memory is false.
  func probabilityOn(step: Int, memory: Bool) -> Double
  /// The memory after `step`, at which the switch was `isOn`.
  func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool
}

extension SwitchLaw {
  /// Whether every site is always on.
  public var isFull: Bool { density == 1 }
  /// The correlation of the stationary chain, at any step.
  public func correlation(into step: Int) -> Double? { correlation }
}
