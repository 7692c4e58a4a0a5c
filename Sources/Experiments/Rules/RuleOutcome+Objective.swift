internal import Foundation
internal import Observables

extension RuleOutcome {
  /// What the search for the best learning rate minimises: log of the energy to the target, or the
  /// final performance without one.
  ///
  /// Failures cost more than any success, and less the closer they are to one: a target missed 100
  /// plus the part of the way that is left, a run that passed the target but ended above its start
  /// 150 plus how far above, a divergence 200 plus the part of the run that it cut off.
  public func objective(energy: EnergySum, performance: String, steps: Int) -> Double {
    switch ending {
    case .finished:
      let value = estimate(performance)?.value ?? .nan
      return value.isFinite ? value : Self.refused
    case .reached:
      guard let spent = estimate(energy.name)?.value, let last = distance?.last else {
        return Self.refused
      }
      return last < 1 ? log(max(spent, .leastNormalMagnitude)) : 150 + min(last - 1, 49)
    case .unreached: return 100 + min(distance?.smallest ?? 49, 49)
    case .diverged(let step): return 200 + 1 - Double(step) / Double(steps)
    }
  }

  /// The objective where a rate is out of question.
  static let refused = 300.0
}
