internal import Foundation
internal import LearningProblem
internal import MaskedDMFT
internal import MeanField
internal import NumericalKit
internal import Observables

extension ProtocolResult {
  /// The table of both sides, and sentences about it.
  var text: String {
    var table = TextTable(["", "best constant", "best protocol"])
    func row(_ name: String, _ sum: ObservedSum) {
      table.append([name, estimate(sum, constant).text, estimate(sum, optimal).text])
    }
    row("objective", sums.objective)
    for observable in shown { row(observable.name, ObservedSum(observable, at: step)) }
    for (index, control) in controls.enumerated() {
      table.append([
        control.key, range(index, constant), range(index, optimal),
      ])
    }
    return "objective: \(goal.text) at step \(step)" + limitsText + "\n\n"
      + table.text + "\n\n" + gainText + "\n" + notes.map { "note: \($0)" }.joined(separator: "\n")
  }

  private var limitsText: String {
    goal.limits.map { ", \($0.name) <= \(Number.short($0.value))" }.joined()
  }

  /// What the goal is about, and what else curves show of performance.
  private var shown: [Observable] {
    let known = constant.solution.recordings[0].observables
    let others = ["training_loss", "test_loss", "test_error"].filter { !goal.names.contains($0) }
    return (goal.names + others).compactMap { name in known.first { $0.name == name } }
  }

  private func range(_ index: Int, _ side: Side) -> String {
    let values = side.outcome.family.values(side.outcome.positions, index)
    guard let least = values.min(), let most = values.max(), least < most else {
      return String(format: "%.4g", values[0])
    }
    return String(format: "%.4g to %.4g", values[0], values[values.count - 1])
      + String(format: " (%.3g ... %.3g)", least, most)
  }

  /// The gain, in theory and in training.
  private var gainText: String {
    guard meetsLimits(constant) else {
      return "no constant values meet the limits; the protocol does"
    }
    let gain = gain
    let whole = estimate(sums.objective, constant).value
    func percent(_ estimate: Estimate) -> String {
      let part = Estimate(
        100 * estimate.value / abs(whole), standardError: 100 * estimate.standardError / abs(whole))
      return whole == 0 ? "" : " (\(part.text) %)"
    }
    var text = "gain of the protocol: \(gain.estimate.text)\(percent(gain.estimate))"
    if let trained = gainInTraining {
      let verdict =
        !trained.isSignificant
        ? "too small to be seen in \(constant.training.count) runs"
        : trained.estimate.value > 0 ? "it is real" : "training loses by it"
      text +=
        "\nin training: \(trained.estimate.text): \(verdict); theory and training "
        + (agrees ? "agree" : "DISAGREE") + " on both"
    }
    return text
  }

  /// What the user should know.
  var notes: [String] {
    var notes = [methodNote]
    for side in [constant, optimal] {
      for (index, control) in controls.enumerated() {
        let (lower, upper) = stepsAtBounds(index, side)
        let places = [
          (lower, "lower", control.lower), (upper, "upper", control.upper),
        ]
        for (count, bound, value) in places where count > 0 {
          let isConstant = side.outcome.family.nodes[index].count == 1
          notes.append(
            "\(control.key) is at its \(bound) bound \(Number.short(value)) "
              + (isConstant ? "in the best constant values" : "at \(count) of \(steps) steps")
              + (isDegenerate(bound, control) ? Self.degenerate : ""))
        }
      }
    }
    if !meetsLimits(constant), meetsLimits(optimal) {
      notes.append("the best constant values come as close to the limits as they can")
    }
    if let spread = optimal.outcome.spread, spread > 1e-3 {
      notes.append(
        "the best two of \(optimal.outcome.starts.count) starts ended "
          + String(format: "%.2g", 100 * spread) + " % apart: there are several minima; "
          + "more --starts may find a better one")
    }
    let unfinished = optimal.outcome.starts.count { $0.ending == .evaluations }
    if unfinished > 0 {
      notes.append(
        "\(unfinished) of \(optimal.outcome.starts.count) searches used all their evaluations; "
          + "more --evaluations may find more")
    }
    return notes
  }

  private static let degenerate =
    ": the objective would fall further beyond it, and what is found is set by the bound"

  /// Whether a bound is one of ours and not of the problem.
  private func isDegenerate(_ bound: String, _ control: ControlVariable) -> Bool {
    guard let number = constant.file.numbers[control.key] else { return true }
    let beyond =
      bound == "upper"
      ? control.upper + 1e-3 * abs(control.upper)
      : control.lower - 1e-3 * abs(control.lower)
    return beyond != control.lower && number.parameter.allows(beyond)
  }

  private var methodNote: String {
    let outcome = optimal.outcome
    let solves = (constant.outcome.starts + outcome.starts).reduce(0) { $0 + $1.evaluations }
    return "\(outcome.method.rawValue) (NLopt)"
      + (outcome.method.needsGradients ? " with gradients of the march" : " without gradients")
      + ", \(outcome.family.count) numbers, \(outcome.starts.count) starts, \(solves) solves"
  }

  /// Entries of `run.yaml`.
  var entries: [(key: String, value: String)] {
    func entries(_ key: String, _ estimate: Estimate) -> [(String, String)] {
      [(key, "\(estimate.value)"), ("\(key)_standard_error", "\(estimate.standardError)")]
    }
    var all = [("objective", goal.text), ("method", optimal.outcome.method.rawValue)]
    all += goal.limits.map { ("limit_\($0.name)", "\($0.value)") }
    all += entries("constant", estimate(sums.objective, constant))
    all += entries("protocol", estimate(sums.objective, optimal))
    all += entries("gain", gain.estimate)
    if let trained = gainInTraining {
      all += entries("gain_in_training", trained.estimate)
      all.append(("agree", "\(agrees)"))
    }
    return all + notes.enumerated().map { ("note_\($0 + 1)", $1) }
  }
}
