internal import LearningProblem
internal import MaskedDMFT
internal import RunStorage

/// `protocol.csv`: the value of each control at each step, of the best protocol and of the best
/// constant values.
enum ProtocolCSV {
  /// The name of the file, beside `protocol.yaml`.
  static let file = "protocol.csv"

  /// Writes a row per step.
  static func write(_ result: ProtocolResult, to writer: inout ByteWriter) throws {
    let keys = result.controls.map(\.key)
    func values(_ side: ProtocolResult.Side) -> [[Double]] {
      keys.indices.map { side.outcome.family.values(side.outcome.positions, $0) }
    }
    let (optimal, constant) = (values(result.optimal), values(result.constant))
    let grid = result.optimal.file.problem.grid
    let rows = (0..<result.steps).map { step -> [CSVCell] in
      [.whole(step), .number(grid.time(at: step))] + optimal.map { .number($0[step]) }
        + constant.map { .number($0[step]) }
    }
    try CSVWriter.write(
      ["step", "time"] + keys + keys.map { "constant \($0)" }, rows, to: &writer)
  }

  /// What `--set` takes to follow the file.
  static func overrides(_ controls: [ControlVariable]) -> [String] {
    controls.map {
      "\($0.key)={kind: \(TabulatedSchedule.kind), path: \(file), column: \($0.key)}"
    }
  }
}

/// `history.csv`: every solve of the searches, in their order.
enum SearchHistoryCSV {
  /// Writes a row per solve.
  static func write(_ result: ProtocolResult, to writer: inout ByteWriter) throws {
    let entries = result.constant.outcome.history + result.optimal.outcome.history
    let rows = entries.lazy.map { entry -> [CSVCell] in
      [
        .text(entry.phase), .whole(entry.start), .whole(entry.evaluation),
        .number(entry.objective), .number(entry.violation), .number(entry.best),
      ]
    }
    try CSVWriter.write(
      ["phase", "start", "evaluation", "objective", "violation", "best"], rows, to: &writer)
  }
}
