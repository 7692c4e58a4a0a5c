internal import LearningProblem
internal import Observables

/// Sensitivity in the user's words: a table, what matters most, and what the run record says.
struct SensitivityReport: Sendable {
  let sensitivity: Sensitivity

  init(_ sensitivity: Sensitivity) { self.sensitivity = sensitivity }

  /// The table, and what it says.
  var text: String {
    var table = TextTable([
      "control", "change per relative change", "most at step", "value there", "change there",
    ])
    for summary in sensitivity.summaries {
      let largest = summary.largest
      table.append([
        summary.control.rawValue, summary.sum.text,
        summary.isSingle ? "all" : "\(largest.step)", Number.short(largest.value),
        largest.elasticity.text,
      ])
    }
    let head = "\(sensitivity.observable) at step \(sensitivity.step): \(sensitivity.value.text)"
    return ([head, "", table.text, ""] + sentences + notes.map { "note: \($0)" })
      .joined(separator: "\n")
  }

  /// The two largest effects.
  private var sentences: [String] {
    sensitivity.summaries.prefix(2).map { summary in
      let percent = Estimate(
        0.01 * summary.sum.value, standardError: 0.01 * summary.sum.standardError)
      return "1 % more \(summary.control.rawValue) throughout changes "
        + "\(sensitivity.observable) by \(percent.text)"
        + (summary.isSingle ? "" : ", most of all at step \(summary.largest.step)")
    }
  }

  private var notes: [String] {
    switch sensitivity.method {
    case .adjoint: []
    case .differences(let relativeStep, let reason):
      [
        "differences of \(Number.short(100 * relativeStep)) % by the numbers of schedules, with "
          + "the same random numbers: \(reason)"
      ]
    }
  }

  /// Entries of `run.yaml`.
  var entries: [(key: String, value: String)] {
    let method =
      switch sensitivity.method {
      case .adjoint: "adjoint"
      case .differences: "differences"
      }
    let sums = sensitivity.summaries.flatMap { summary -> [(key: String, value: String)] in
      let key = summary.control.rawValue.map { $0 == "." ? "_" : String($0) }.joined()
      return [
        ("\(key)_change", "\(summary.sum.value)"), ("\(key)_step", "\(summary.largest.step)"),
      ]
    }
    return [
      ("observable", sensitivity.observable.name), ("step", "\(sensitivity.step)"),
      ("value", "\(sensitivity.value.value)"), ("derivatives", method),
    ] + sums + notes.enumerated().map { ("note_\($0 + 1)", $1) }
  }
}
