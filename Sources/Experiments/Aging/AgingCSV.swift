internal import LearningProblem
internal import MeanField
internal import Observables
internal import RunStorage

/// `aging.csv`: correlation and response between a waiting time and later ones, a row per pair.
///
/// Sampled numbers have a standard error behind them; what is not known is empty.
enum AgingCSV {
  private static let columns: [(name: String, values: @Sendable (AgingCurve) -> [Double])] = [
    ("correlation", { $0.points.map(\.correlation) }),
    ("norm", { $0.points.map(\.norm) }),
    ("displacement", { $0.fluctuationDissipation.points.map(\.displacement) }),
    ("response", { $0.points.map { -$0.response } }),
    ("integrated_response", { $0.points.map(\.integratedResponse) }),
    ("fluctuation_dissipation_ratio", { $0.fluctuationDissipation.ratio }),
    ("effective_temperature", { $0.fluctuationDissipation.temperature }),
  ]

  /// Writes all waiting times one after the other.
  static func write(_ report: AgingReport, to writer: inout ByteWriter) throws {
    let (aging, eta) = (report.aging, report.dynamics.grid.rate(at: 0))
    let names = columns.flatMap {
      aging.isExact ? [$0.name] : [$0.name, $0.name + "_standard_error"]
    }
    let rows = aging.waiting.enumerated().flatMap { index, waiting -> [[CSVCell]] in
      let estimates = columns.map { aging.estimates(index, $0.values) }
      return aging.lags(index).enumerated().map { row, lag -> [CSVCell] in
        let place: [CSVCell] = [
          .whole(waiting), .number(eta * Double(waiting)), .whole(lag), .number(eta * Double(lag)),
        ]
        return place
          + estimates.flatMap { column -> [CSVCell] in
            let (value, error) = (column[row].value, column[row].standardError)
            return [.number(value.isFinite ? value : nil)]
              + (aging.isExact ? [] : [.number(error.isFinite ? error : nil)])
          }
      }
    }
    try CSVWriter.write(
      ["waiting_step", "waiting_time", "lag", "lag_time"] + names, rows, to: &writer)
  }
}
