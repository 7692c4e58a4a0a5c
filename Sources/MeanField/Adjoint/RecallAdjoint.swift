internal import LearningProblem

/// κ(t, u) of a chain of switches in reverse: from derivatives by κ to those by densities b and
/// correlations r. `[gradient.recall]`
///
/// Of switches that are no chain, those of epochs, κ is given. Cost O(t) per step.
struct RecallAdjoint {
  private let law: any SwitchLaw
  private let isChain: Bool
  /// By b_t.
  private(set) var density: [Double]
  /// By r_t, the correlation into step t; 0 where all switches are on, and it has no meaning.
  private(set) var correlation: [Double]
  private var excess: [Double] = []  // by κ(t, u) - b_t, u < t

  /// Nothing depends on the switches.
  init(_ law: any SwitchLaw, steps: Int) {
    self.law = law
    isChain = law.correlation(into: 1) != nil
    density = [Double](repeating: 0, count: steps)
    correlation = density
  }

  /// Takes derivatives by b_t itself and by κ(t, u), u < t; steps come in falling order.
  ///
  /// - Parameter before: κ(t - 1, u), u < t.
  mutating func reverse(_ t: Int, density own: Double, recalled: [Double], before: [Double]) {
    density[t] += own + recalled.reduce(0, +)
    guard isChain else { return }
    if let last = excess.popLast() {
      let next = correlation(into: t + 1)
      density[t] -= next * last  // κ(t, t) - b_t = 1 - b_t
      excess = zip(recalled, excess).map { $0 + next * $1 }
    } else {
      excess = recalled
    }
    guard t > 0, law.density(at: t) < 1 else { return }
    let density = law.density(at: t - 1)
    correlation[t] = zip(excess, before).reduce(0) { $0 + $1.0 * ($1.1 - density) }
  }

  private func correlation(into step: Int) -> Double {
    law.density(at: step) < 1 ? law.correlation(into: step) ?? 0 : 0
  }
}
