internal import Foundation
internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import Observables

/// The best protocol beside the best constant values of the same controls.
struct ProtocolResult: Sendable {
  /// One of the two.
  struct Side: Sendable {
    /// How it was found.
    let outcome: ProtocolSearch.Outcome
    /// The problem with it.
    let file: ProblemFile
    /// What the theory finds, with random numbers that no search has seen.
    let solution: Solution
    /// What training found; empty if it was not asked for.
    var training: [Recording] = []

    /// Theory against training; nil if it was not trained.
    var comparison: Comparison? {
      training.isEmpty
        ? nil : Comparison(theory: solution.curves, training: Curve.mean(of: training))
    }
  }

  let goal: ProtocolGoal
  /// The goal in observables.
  let sums: ProtocolSums
  let controls: [ControlVariable]
  var constant: Side
  var optimal: Side
  /// What limits may be exceeded by.
  let slack: Double

  /// T.
  var steps: Int { optimal.outcome.family.steps }

  /// The step at which the goal counts.
  var step: Int { goal.step ?? steps }

  /// A sum of observables, in theory.
  func estimate(_ sum: ObservedSum, _ side: Side) -> Estimate {
    ReplicaValues(values(sum, side.solution.recordings)).estimate
  }

  /// The same in each recording.
  private func values(_ sum: ObservedSum, _ recordings: [Recording]) -> [Double] {
    recordings.map { sum.value(in: $0) ?? .nan }
  }

  /// By how much the objective of the best constant values is larger, in theory.
  ///
  /// One side may be exact where the other needs probes, which have batches: it is then the same in
  /// all of them.
  var gain: PairedDifference {
    let sides = [constant, optimal].map { values(sums.objective, $0.solution.recordings) }
    let batches = max(sides[0].count, sides[1].count)
    let paired = sides.map {
      ReplicaValues($0.count == batches ? $0 : Array(repeating: $0[0], count: batches))
    }
    return PairedDifference(paired[0], minus: paired[1])
  }

  /// The gain in training, run by run; nil if it was not trained.
  var gainInTraining: PairedDifference? {
    guard !constant.training.isEmpty else { return nil }
    let sides = [constant, optimal].map { ReplicaValues(values(sums.objective, $0.training)) }
    return PairedDifference(sides[0], minus: sides[1])
  }

  /// Whether theory and training agree on both; true if they were not compared.
  var agrees: Bool {
    (constant.comparison?.agrees ?? true) && (optimal.comparison?.agrees ?? true)
  }

  /// The value of a control of the best protocol that is the same at all steps.
  func value(of control: ControlVariable) -> Double {
    let index = controls.firstIndex(of: control) ?? 0
    return optimal.outcome.family.values(optimal.outcome.positions, index)[0]
  }

  /// Whether a side meets all limits, up to what a search allows.
  func meetsLimits(_ side: Side) -> Bool { side.outcome.violation <= slack }

  /// At how many steps a control of a side is at its lower and at its upper bound.
  func stepsAtBounds(_ index: Int, _ side: Side) -> (lower: Int, upper: Int) {
    let control = controls[index]
    let positions = side.outcome.family.values(side.outcome.positions, index)
      .map(control.position)
    return (positions.count { $0 < 1e-4 }, positions.count { $0 > 1 - 1e-4 })
  }
}
