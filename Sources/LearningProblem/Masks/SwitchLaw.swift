/// The law of one switch: when a site (a sample, or a synapse) is on.
///
/// Sites are independent and share the law. A law has one bit of memory per site; its meaning
/// belongs to the law (the last position of the switch, or whether it was on in this epoch).
/// Theory draws one path per trajectory and training one per sample or weight, from these same
/// functions and different random streams. Contract, tested on every entry of the catalogue: the
/// fraction on is `density(at:)`, and what `recall` says is the probability of two steps together.
public protocol SwitchLaw: Sendable {
  /// The probability that a site is on at a step, in (0, 1]: b of samples, p of weights.
  func density(at step: Int) -> Double
  /// Whether every site is always on.
  var isFull: Bool { get }
  /// How often a site is on before a step, on average.
  func expectedCount(before step: Int) -> Double
  /// The correlation per step, r of samples and ρ of weights, if the switch is a two-state Markov
  /// chain and it is the same at every step, else nil.
  var correlation: Double? { get }
  /// Correlation r of the switch at `step` >= 1 with that of the step before, if it is a Markov
  /// chain: E[s_t | s_t-1] = b_t + r (s_t-1 - b_t-1). Else nil. `[schedule.switch]`
  func correlation(into step: Int) -> Double?
  /// How κ(t, u) = P(on at t | on at u) goes on to the step after; nil where two steps do not tell
  /// it. `[schedule.recall]`
  func recall(after step: Int) -> Recall?
  /// P(on at `step` | memory) in [0, 1]; at step 0 the memory is false.
  func probabilityOn(step: Int, memory: Bool) -> Double
  /// The memory after `step`, at which the switch was `isOn`.
  func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool
}

extension SwitchLaw {
  /// The sum of the densities.
  public func expectedCount(before step: Int) -> Double {
    (0..<step).reduce(0) { $0 + density(at: $1) }
  }
  /// The correlation that is the same at every step.
  public func correlation(into step: Int) -> Double? { correlation }
  /// That of a Markov chain.
  public func recall(after step: Int) -> Recall? {
    correlation(into: step + 1).map { Recall(last: (1 - density(at: step)) * $0, earlier: $0) }
  }
  /// Whether the sites are drawn anew at every step.
  public var isDrawnAnew: Bool { isFull || correlation == 0 }
}

/// What is left of κ(t, u) - b_t one step later. `[schedule.recall]`
public struct Recall: Sendable, Equatable {
  /// κ(t + 1, t) - b_t+1.
  public let last: Double
  /// (κ(t + 1, u) - b_t+1)/(κ(t, u) - b_t) for u < t.
  public let earlier: Double
}

/// A law that has the same density at every step.
public protocol SteadySwitchLaw: SwitchLaw {
  /// The probability that a site is on, in (0, 1].
  var density: Double { get }
}

extension SteadySwitchLaw {
  /// The same at every step.
  public func density(at step: Int) -> Double { density }
  /// A multiple of the density.
  public func expectedCount(before step: Int) -> Double { density * Double(step) }
  /// Whether every site is always on.
  public var isFull: Bool { density == 1 }
}
