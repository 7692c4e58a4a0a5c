internal import Observables

/// `rules.csv`: one line per rule and learning rate.
///
/// Quantities are those at the target, or at the last step; what is not known is left empty.
public enum RulesCSV {
  /// The first line, for a ranking by a quantity that may have columns of its own.
  public static func header(_ ranking: RuleRanking) -> String {
    let quantities = names(ranking).flatMap { [$0, "\($0)_standard_error"] }
    return
      (["rule", "parameters", "eta", "eta_choice", "reached", "diverged_at"] + quantities
      + ["front", "agrees"]).joined(separator: ",")
  }

  /// Writes all outcomes.
  public static func write(_ ranking: RuleRanking, to writer: inout ByteWriter) throws {
    try writer.write(header(ranking) + "\n")
    for outcome in ranking.outcomes {
      try writer.write(identity(outcome))
      try writer.write(",\(outcome.ending.word),")
      if case .diverged(let step) = outcome.ending { try writer.write("\(step)") }
      for name in names(ranking) {
        guard let estimate = outcome.estimate(name) else {
          try writer.write(",,")
          continue
        }
        try writer.write(",")
        try writer.write(estimate.value)
        try writer.write(",")
        try writer.write(estimate.standardError)
      }
      let verdict = outcome.agrees.map { $0 ? "yes" : "no" } ?? ""
      try writer.write(",\(outcome.front.rawValue),\(verdict)\n")
    }
  }

  /// `rule,parameters,eta,eta_choice`; parameters are separated by blanks.
  static func identity(_ outcome: RuleOutcome) -> String {
    let parameters = outcome.choice.parameters.map { "\($0.key)=\($0.value)" }
    return
      "\(outcome.choice.kind),\(parameters.joined(separator: " ")),"
      + "\(outcome.learningRate),\(outcome.rateChoice.rawValue)"
  }

  private static func names(_ ranking: RuleRanking) -> [String] {
    let standard = RuleOutcome.quantityNames
    let asked = [ranking.performance, ranking.target?.name].compactMap { $0 }
    return standard + asked.filter { !standard.contains($0) }
  }
}

/// `differences.csv`: every rule minus the reference, with common random numbers.
public enum RuleDifferencesCSV {
  /// The first line; the last column is the standard error as if both were independent.
  public static let header =
    "rule,parameters,eta,eta_choice,reference,quantity,difference,standard_error,"
    + "independent_standard_error"

  /// Writes all differences.
  public static func write(_ ranking: RuleRanking, to writer: inout ByteWriter) throws {
    try writer.write(header + "\n")
    for difference in ranking.differences {
      try writer.write(
        "\(RulesCSV.identity(difference.outcome)),\(difference.reference.choice.specification),"
          + "\(difference.quantity),")
      try writer.write(difference.value.estimate.value)
      try writer.write(",")
      try writer.write(difference.value.estimate.standardError)
      try writer.write(",")
      try writer.write(difference.value.independentError)
      try writer.write("\n")
    }
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
