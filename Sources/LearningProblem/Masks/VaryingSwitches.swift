/// Switches that are a two-state Markov chain whose density and correlation change from step to
/// step. `[schedule.switch]`
///
/// E[s_t | s_t-1] = b_t + r_t (s_t-1 - b_t-1); r = 0 draws them anew.
public struct VaryingSwitches: SwitchLaw {
  private let densities: [Double]
  private let correlations: [Double]
  public let correlation: Double?
  public let isFull: Bool

  /// Creates the chain.
  ///
  /// - Parameters:
  ///   - densities: b_t in (0, 1] at steps 0, 1, ...; the last one stays.
  ///   - correlations: r into each step, of which the first is not used.
  /// - Throws: a `Mismatch` about `density` at the first step at which it is not in (0, 1], or
  ///   about the key named `key` at the first step whose transition probabilities are not in
  ///   [0, 1].
  init(densities: [Double], correlations: [Double], key: String) throws(Mismatch) {
    let range = Interval.leftOpen(0, 1)
    for (step, density) in densities.enumerated() where !range.contains(density) {
      throw Mismatch(
        "density", found: "\(density) at step \(step)", allowed: range.allowed(for: density))
    }
    self.init(densities: densities, correlations: correlations)
    let correlations = self.correlations
    for step in densities.indices.dropFirst() {
      let (before, now) = (densities[step - 1], densities[step])
      let allowed = Self.correlations(from: before, to: now)
      guard allowed.contains(correlations[step]) else {
        throw Mismatch(
          key, found: "a correlation of \(correlations[step]) at step \(step)",
          allowed: "from \(allowed.lowerBound) to \(allowed.upperBound), where the density goes "
            + "from \(before) to \(now): P(0->1) and P(1->1) within [0, 1]")
      }
    }
  }

  /// Creates the chain from densities in (0, 1] and correlations that they allow.
  init(densities: [Double], correlations: [Double]) {
    // Where all are on, none tells from another what it was before.
    let correlations = zip(densities, correlations).map { $0 == 1 ? 0 : $1 }
    self.densities = densities
    self.correlations = correlations
    let later = correlations.dropFirst()
    correlation = later.allSatisfy { $0 == later.first } ? later.first ?? 0 : nil
    isFull = densities.allSatisfy { $0 == 1 }
  }

  /// The r for which transition probabilities are in [0, 1]. `[schedule.switch]`
  static func correlations(from before: Double, to now: Double) -> ClosedRange<Double> {
    guard before < 1 else { return -1...1 }  // only P(1→1) is asked for
    let lower = max(-now / (1 - before), (now - 1) / before)
    let upper = min(1, now / before, (1 - now) / (1 - before))
    return lower...max(lower, upper)
  }

  public func density(at step: Int) -> Double { densities[min(step, densities.count - 1)] }

  public func correlation(into step: Int) -> Double? {
    correlations[min(step, correlations.count - 1)]
  }

  public func probabilityOn(step: Int, memory: Bool) -> Double {
    guard step > 0 else { return density(at: 0) }
    let surplus = (memory ? 1 : 0) - density(at: step - 1)
    let probability = density(at: step) + (correlation(into: step) ?? 0) * surplus
    return min(max(probability, 0), 1)  // rounding only: the range is checked above
  }

  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool {
    correlation != 0 && isOn  // drawn anew they need no memory
  }
}
