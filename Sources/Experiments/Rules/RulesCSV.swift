internal import Observables
public import RunStorage

/// `rules.csv`: one line per rule and learning rate.
///
/// Quantities are those at the target, or at the last step; what is not known is left empty.
public enum RulesCSV {
  static let identity = ["rule", "parameters", "eta", "eta_choice"]

  /// Writes all outcomes.
  public static func write(_ ranking: RuleRanking, to writer: inout ByteWriter) throws {
    let names = ranking.quantityNames
    let quantities = names.flatMap { [$0, "\($0)_standard_error"] }
    let rows = ranking.outcomes.map { outcome -> [CSVCell] in
      var row = identity(outcome)
      row.append(.text(outcome.ending.word))
      if case .diverged(let step) = outcome.ending {
        row.append(.whole(step))
      } else {
        row.append(.number(nil))
      }
      for estimate in names.map(outcome.estimate) {
        row += [.number(estimate?.value), .number(estimate?.standardError)]
      }
      let verdict = outcome.agrees.map { $0 ? "yes" : "no" } ?? ""
      return row + [.text(outcome.front.rawValue), .text(verdict)]
    }
    try CSVWriter.write(
      identity + ["reached", "diverged_at"] + quantities + ["front", "agrees"], rows, to: &writer)
  }

  /// What names a rule; parameters are separated by blanks.
  static func identity(_ outcome: RuleOutcome) -> [CSVCell] {
    let parameters = outcome.choice.parameters.map { "\($0.key)=\($0.value)" }
    return [
      .text(outcome.choice.kind), .text(parameters.joined(separator: " ")),
      .number(outcome.learningRate), .text(outcome.rateChoice.rawValue),
    ]
  }
}

/// `differences.csv`: every rule minus the reference, with common random numbers.
public enum RuleDifferencesCSV {
  /// Writes all differences; the last column is the standard error as if both were independent.
  public static func write(_ ranking: RuleRanking, to writer: inout ByteWriter) throws {
    let rows = ranking.differences.map { difference -> [CSVCell] in
      RulesCSV.identity(difference.outcome) + [
        .text(difference.reference.choice.specification), .text(difference.quantity),
        .number(difference.value.estimate.value),
        .number(difference.value.estimate.standardError),
        .number(difference.value.independentError),
      ]
    }
    try CSVWriter.write(
      RulesCSV.identity + [
        "reference", "quantity", "difference", "standard_error", "independent_standard_error",
      ], rows, to: &writer)
  }
}

extension RuleOutcome.Ending {
  /// `yes` or `no`, `diverged`, or empty without a target.
  var word: String {
    switch self {
    case .finished: ""
    case .reached: "yes"
    case .unreached: "no"
    case .diverged: "diverged"
    }
  }
}
