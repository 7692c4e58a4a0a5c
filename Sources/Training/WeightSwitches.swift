internal import LearningProblem
internal import NumericalKit

/// Which weights may change, step after step: M_kj = r_k c_kj. `[mask.structure]`
///
/// c is drawn weight by weight, or input by input where the hidden units share it, whether or not a
/// unit learns, so that its path does not depend on r. r comes from the path that theory and
/// training share, or from competition. `[mask.units]`
struct WeightSwitches {
  /// r_k at the current step.
  private(set) var unitIsOn: [Bool]
  private let learning: LearningUnits
  private let mask: any WeightMask
  private let dimension: Int
  private var switches: Switches

  /// All on until the first `advance`.
  init(_ dynamics: Dynamics, dimension: Int, stream: RandomStream) {
    let units = dynamics.hiddenUnits
    mask = dynamics.rule.weightMask
    learning = LearningUnits(dynamics)
    self.dimension = dimension
    unitIsOn = [Bool](repeating: true, count: units)
    switches = Switches(
      dynamics.weightSwitches, count: mask.sharesInputs ? dimension : units * dimension,
      stream: stream)
  }

  /// Decides who may change at `step`; to be called for 0, 1, 2, ... in turn.
  ///
  /// - Parameter gradient: G of all weights, read where hidden units compete.
  mutating func advance(to step: Int, gradient: [Double]) {
    switches.advance(to: step)
    guard mask.units != .all else { return }
    unitIsOn = learning.isOn(step: step, power: learning.compete ? power(gradient) : [])
  }

  /// M_kj at k d + j; nil if every weight may change.
  var isOn: [Bool]? {
    if mask.units == .all && (switches.isFull || !mask.sharesInputs) {
      return switches.isFull ? nil : switches.isOn
    }
    return unitIsOn.indices.flatMap { k in
      (0..<dimension).map { j in unitIsOn[k] && switchIsOn(k, j) }
    }
  }

  /// (1/d) Σ_j c_kj G_kj² of each unit.
  private func power(_ gradient: [Double]) -> [Double] {
    unitIsOn.indices.map { k in
      var sum = 0.0
      for j in 0..<dimension where switchIsOn(k, j) {
        sum += gradient[k * dimension + j] * gradient[k * dimension + j]
      }
      return sum / Double(dimension)
    }
  }

  /// c_kj.
  private func switchIsOn(_ k: Int, _ j: Int) -> Bool {
    switches.isFull || switches.isOn[mask.sharesInputs ? j : k * dimension + j]
  }
}
