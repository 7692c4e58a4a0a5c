internal import LearningProblem
internal import MeanField
internal import Observables
internal import Stationary

/// Aging in the user's words: a table, and what the run record says of it.
struct AgingReport: Sendable {
  let aging: Aging
  let dynamics: Dynamics
  /// The steady state; nil if there is none, or none was asked for.
  let steady: StationaryReport?
  private let diagnostics: Solution.Diagnostics
  private let notes: [String]

  init(
    _ aging: Aging, _ diagnostics: Solution.Diagnostics, _ dynamics: Dynamics,
    steady: StationaryReport?, notes: [String]
  ) {
    self.aging = aging
    self.diagnostics = diagnostics
    self.dynamics = dynamics
    self.steady = steady
    self.notes = diagnostics.notes + notes
  }

  /// The steady state, if weights fluctuate in it.
  var fluctuating: StationarySolution? {
    steady.flatMap { $0.solution.fluctuates ? $0.solution : nil }
  }

  /// One waiting time: temperatures over one step and over the longest lag.
  private struct Row {
    let waiting: Int
    let lag: Int
    let short: Estimate
    let long: Estimate
    /// The steady state's at that lag.
    let steady: Estimate?
  }

  private var rows: [Row] {
    aging.waiting.enumerated().map { index, waiting in
      let lag = aging.lags(index).last ?? 0
      let temperature = aging.estimates(index) { $0.fluctuationDissipation.temperature }
      return Row(
        waiting: waiting, lag: lag, short: temperature[1], long: temperature.last ?? temperature[1],
        steady: fluctuating.map { solution in
          // Beyond the last lag nothing changes any more.
          solution.estimate { $0.temperature[min(lag, solution.lags - 1)] }
        })
    }
  }

  /// The table, and remarks.
  var text: String {
    var table = TextTable(["waiting_step", "T_eff, one step", "lag", "T_eff", "steady state"])
    for row in rows {
      table.append([
        "\(row.waiting)", row.short.text, "\(row.lag)", row.long.text, row.steady?.text ?? "",
      ])
    }
    if let fluctuating {
      table.append([
        "steady state", fluctuating.estimate(\.shortTemperature).text, "all",
        fluctuating.estimate(\.longTemperature).text,
      ])
    }
    return ([table.text] + notes.map { "note: \($0)" }).joined(separator: "\n")
  }

  /// Entries of `run.yaml`.
  var entries: [(key: String, value: String)] {
    func entries(_ key: String, _ estimate: Estimate, isExact: Bool) -> [(String, String)] {
      guard estimate.value.isFinite else { return [] }
      return [(key, "\(estimate.value)")]
        + (isExact ? [] : [("\(key)_standard_error", "\(estimate.standardError)")])
    }
    let measured = rows.flatMap { row in
      entries("temperature_short_\(row.waiting)", row.short, isExact: aging.isExact)
        + entries("temperature_long_\(row.waiting)", row.long, isExact: aging.isExact)
    }
    let still = fluctuating.map {
      entries("steady_temperature_short", $0.estimate(\.shortTemperature), isExact: $0.isExact)
        + entries("steady_temperature_long", $0.estimate(\.longTemperature), isExact: $0.isExact)
    }
    let solved = diagnostics.entries.filter { !$0.key.hasPrefix("note_") }
    return solved + measured + (still ?? [])
      + notes.enumerated().map { ("note_\($0 + 1)", $1) }
  }
}
