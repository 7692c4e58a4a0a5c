internal import Foundation
internal import Observables

extension RuleRanking {
  /// The tables of `dmft rules`: the rules, and what distinguishes them from the reference.
  public var text: String {
    var lines: [String] = []
    for group in groups {
      lines += [outcomeTable(group), ""]
    }
    lines.append(legend)
    let differences = differenceTable
    if !differences.isEmpty { lines += ["", differences] }
    return lines.joined(separator: "\n")
  }

  private func outcomeTable(_ group: [RuleOutcome]) -> String {
    let shown = [energy.name, "training_loss", "test_error", "inefficiency"]
    let others = target == nil && !shown.contains(performance) ? [performance] : []
    let checked = group.contains { $0.agrees != nil }
    var table = TextTable(
      ["rule", "eta"] + (target == nil ? [] : ["reached", "steps"]) + shown + others + ["front"]
        + (checked ? ["training"] : []))
    for outcome in group {
      func number(_ name: String) -> String { outcome.estimate(name)?.text ?? "-" }
      var row = [outcome.choice.label, outcome.rateText]
      if target != nil { row += [outcome.endingText, number(RuleOutcome.stepsToTarget)] }
      row += (shown + others).map(number)
      if target == nil, case .diverged = outcome.ending { row[2] = outcome.endingText }
      row.append(outcome.front.rawValue)
      if checked { row.append(outcome.agrees.map { $0 ? "agrees" : "DISAGREES" } ?? "") }
      table.append(row)
    }
    return table.text
  }

  /// What the table shows, in two sentences.
  private var legend: String {
    let place =
      target.map {
        "values ± standard error where \($0.name) reaches \($0.value), or at the last step"
      } ?? "values ± standard error at the last step"
    let sum = energy.single == nil ? "; energy = \(energy)" : ""
    return "\(place); energies per weight\(sum)\n"
      + "front: no other rule has less \(energy.name) and \(performance); tied: within errors"
  }

  /// Energy and performance of every rule minus those of the reference.
  private var differenceTable: String {
    let shown = [energy.name, performance]
    guard let reference = differences.first?.reference else { return "" }
    var table = TextTable(
      ["rule minus \(reference.choice.label)", "eta"] + shown.flatMap { [$0, "if independent"] })
    let differences = differences.filter { shown.contains($0.quantity) }
    for group in groups {
      for outcome in group {
        let own = differences.filter { $0.outcome.isSame(as: outcome) }
        guard !own.isEmpty else { continue }
        let cells = shown.flatMap { name -> [String] in
          guard let value = own.first(where: { $0.quantity == name })?.value else {
            return ["-", "-"]
          }
          return [value.estimate.text, String(format: "± %.2g", value.independentError)]
        }
        table.append([outcome.choice.label, outcome.rateText] + cells)
      }
    }
    return table.text + "\ncommon random numbers: errors from the differences of single batches"
  }
}

extension RuleOutcome {
  /// How it ended.
  fileprivate var endingText: String {
    switch ending {
    case .unreached(let batches) where batches > 0:
      "no (\(batches) of \(quantities.values.first?.values.count ?? 0) batches did)"
    case .diverged(let step): "diverged at \(step)"
    default: ending.word
    }
  }

  /// The learning rate, and where it is from.
  fileprivate var rateText: String {
    let mark = rateChoice == .equal ? "" : " (\(rateChoice.rawValue))"
    return String(format: "%.4g", learningRate) + mark
  }
}
