internal import Foundation
internal import LearningProblem
internal import Observables
internal import Stationary

/// A steady state in the user's words: a table, and what the run record says of it.
struct StationaryReport: Sendable {
  let solution: StationarySolution
  let dynamics: Dynamics
  private let bounds: TestErrorBounds?
  /// Name and value of what is printed, in order.
  let rows: [(name: String, value: Estimate, unit: String)]

  init(_ solution: StationarySolution, _ dynamics: Dynamics) {
    self.solution = solution
    self.dynamics = dynamics
    bounds = TestErrorBounds(dynamics)
    let quantities = TestQuantities(dynamics)
    func test(_ state: StationaryState) -> (loss: Estimate, error: Estimate) {
      quantities.evaluate(overlaps: [state.weights.magnetisation], covariance: [state.norm])
    }
    let eta = dynamics.grid.rate(at: 0)
    let directions = dynamics.signalDirections
    var rows: [(String, Estimate, String)] = (0..<directions).map { p in
      let name = Observable.magnetisation(0, p, single: directions == 1).name
      return (name, solution.estimate { $0.weights.magnetisation[p] }, "")
    }
    rows += [
      ("norm", solution.estimate(\.norm), "C(0)"),
      ("frozen_correlation", solution.estimate(\.weights.frozen), "C_inf"),
      ("training_loss", solution.estimate(\.trainingLoss), ""),
    ]
    if solution.states.allSatisfy({ $0.trainingError != nil }) {
      rows.append(("training_error", solution.estimate { $0.trainingError ?? .nan }, ""))
    }
    rows += [
      ("test_loss", solution.estimate { test($0).loss.value }, ""),
      ("test_error", solution.estimate { test($0).error.value }, ""),
      (
        "static_response", solution.estimate { $0.integratedResponse.last ?? .nan },
        "of a weight to a constant field"
      ),
      ("response_time", solution.estimate { eta * $0.responseSteps }, "eta x steps"),
    ]
    if solution.fluctuates {
      rows += [
        ("correlation_time", solution.estimate { eta * $0.correlationSteps }, "eta x steps"),
        ("temperature_short", solution.estimate(\.shortTemperature), "T_eff over one step"),
        ("temperature_long", solution.estimate(\.longTemperature), "T_eff over all lags"),
        ("squared_change", solution.estimate(\.squaredChange), "per step and weight"),
      ]
    }
    self.rows = rows
  }

  /// The table and how it was found.
  var text: String {
    var table = TextTable(["observable", "steady state", ""])
    for row in rows { table.append([row.name, row.value.text, row.unit]) }
    var lines = [table.text, ""]
    if !solution.fluctuates { lines.append("nothing fluctuates: this is the minimum of the loss") }
    let residual = solution.states.map(\.residual).max() ?? 0
    let iterations = solution.states.map(\.iterations).max() ?? 0
    lines.append(
      "\(iterations) iterations to a relative residual of \(String(format: "%.1e", residual)), "
        + "\(solution.lags) lags"
        + (solution.isExact
          ? "" : "; standard errors from \(solution.states.count) independent solves"))
    if let bounds { lines.append(bounds.text) }
    return lines.joined(separator: "\n")
  }

  /// Entries of `run.yaml`.
  var diagnostics: [(key: String, value: String)] {
    let first = [
      ("sites", solution.isExact ? "closed" : "sampled"), ("lags", "\(solution.lags)"),
      ("solves", "\(solution.states.count)"),
      ("iterations", "\(solution.states.map(\.iterations).max() ?? 0)"),
      ("residual", "\(solution.states.map(\.residual).max() ?? 0)"),
    ]
    return first + (bounds?.entries ?? [])
      + rows.flatMap { row in
        [(row.name, "\(row.value.value)")]
          + (solution.isExact
            ? [] : [(row.name + "_standard_error", "\(row.value.standardError)")])
      }
  }
}
