internal import LearningProblem
internal import NumericalKit
internal import RunStorage

/// One table of the last values of all tasks of a sweep, one of all curves, and a figure.
public struct SweepCollection {
  private let folder: SweepFolder
  private let observable: String?
  private let keys: [String]
  private let format: FigureFormat
  private let invocation: Invocation

  /// What is to be collected.
  ///
  /// - Parameters:
  ///   - observable: that of the figure; nil takes the test error, or the first.
  ///   - keys: what the figure shows it by; none takes those that are varied.
  ///   - invocation: what was invocation, for `run.yaml`.
  public init(
    _ folder: SweepFolder, observable: String?, keys: [String], format: FigureFormat,
    invocation: Invocation
  ) {
    (self.folder, self.observable, self.keys) = (folder, observable, keys)
    (self.format, self.invocation) = (format, invocation)
  }

  /// A row of `sweep.csv`.
  private struct Row {
    var values: [(name: String, value: String)] = []
    var exitCode = ""
    var wallTime = ""
  }

  /// Writes `DIR/collected`; returns the text for standard output, and a sentence if there is no
  /// figure. Throws a `Failure`.
  public func write() throws -> (text: String, warning: String?) {
    let path = "\(folder.path)/collected"
    let state = folder.state()
    do {
      guard let first = state.done.first else {
        throw OutputError(
          "no task of \(folder.path) is done; start with: dmft sweep run \(folder.path)")
      }
      let shown = try shownObservable(results(first))
      let keys = try SweepFigure.keys(self.keys, of: folder.plan.grid)
      let start = ContinuousClock.now
      let (files, warning) = try RunDirectory.writing(to: path, force: true) { directory in
        var rows = Array(repeating: Row(), count: folder.plan.grid.count)
        for (number, failure) in state.failed { rows[number - 1].exitCode = "\(failure.exit_code)" }
        var figure = SweepFigure(folder.plan.grid, observable: shown, by: keys)
        if !(try results(first).curves.isEmpty) {
          try directory.write("curves.csv") { writer in
            try writeCurves(state.done, to: &writer, rows: &rows, figure: &figure)
          }
        } else {
          for number in state.done { read(try results(number), number, &rows, &figure) }
        }
        try directory.write("sweep.csv") { try write(rows, to: &$0) }
        let warning = try Gnuplot.draw(figure.plot, as: format, in: directory)
        let record = RunRecord(
          invocation, problem: nil,
          wallTimeSeconds: (ContinuousClock.now - start) / .seconds(1))
        return ((directory.files, warning), record.yaml)
      }
      return (text(state, "files: \(path)/: \(files.joined(separator: ", ")), run.yaml"), warning)
    } catch {
      throw Failure(error)
    }
  }

  private func results(_ number: Int) throws -> TaskResults {
    try TaskResults("\(folder.path)/\(folder.results(number))")
  }

  /// The observable of the figure.
  private func shownObservable(_ results: TaskResults) throws -> String {
    let names =
      results.curves.map(\.name)
      + results.others.filter { Double($0.value) != nil }.map(\.name)
    func named(_ wanted: String) -> String? {
      names.first { $0 == wanted } ?? names.first { $0.hasSuffix("/\(wanted)") }
    }
    guard let observable else { return named("test_error") ?? names.first ?? "" }
    guard let name = named(observable) else {
      throw UsageError(
        "--figure", found: observable, allowed: names.joined(separator: ", "))
    }
    return name
  }

  private var axes: [String] { folder.plan.grid.axes.map(\.key) }

  private func cells(_ number: Int) -> [CSVCell] {
    [.text(folder.plan.name(number))] + folder.plan.grid.values(number - 1).map(CSVCell.text)
  }

  /// All curves; lines are those of the tasks behind the values of the task. Where curves stand in
  /// folders of a task, a column `source` names the folder.
  private func writeCurves(
    _ done: [Int], to writer: inout ByteWriter, rows: inout [Row], figure: inout SweepFigure
  ) throws {
    let hasSources = folder.plan.command != "solve" && folder.plan.command != "train"
    try CSVWriter.write(
      ["task"] + axes + (hasSources ? ["source"] : []) + CurvesCSV.header, [], to: &writer)
    for number in done {
      let results = try results(number)
      let place = cells(number)
      for curve in results.curves {
        let prefix = CSVWriter.beginning(place + (hasSources ? [.text(curve.source)] : []))
        for line in curve.lines.split(separator: UInt8(ascii: "\n")) {
          try writer.write(prefix)
          try writer.write(line)
          try writer.write(CollectionOfOne(UInt8(ascii: "\n")))
        }
      }
      read(results, number, &rows, &figure)
    }
  }

  /// Keeps what the table and the figure need of a task.
  private func read(
    _ results: TaskResults, _ number: Int, _ rows: inout [Row], _ figure: inout SweepFigure
  ) {
    rows[number - 1] = Row(
      values: results.curves.flatMap { curve in
        [
          (curve.name, curve.last.value),
          ("\(curve.name)_standard_error", curve.last.standardError),
        ]
      } + results.others, exitCode: "\(results.exitCode)", wallTime: results.wallTime)
    if let curve = results.curves.first(where: { $0.name == figure.observable }) {
      figure.add(number - 1, Double(curve.last.value), curve.points)
    } else if let other = results.others.first(where: { $0.name == figure.observable }) {
      figure.add(number - 1, Double(other.value), [])
    }
  }

  private func write(_ rows: [Row], to writer: inout ByteWriter) throws {
    var columns: [String: Int] = [:]
    var names: [String] = []
    for (name, _) in rows.lazy.flatMap(\.values) where columns[name] == nil {
      columns[name] = names.count
      names.append(name)
    }
    let lines = rows.enumerated().lazy.map { index, row -> [CSVCell] in
      var values = Array(repeating: CSVCell.text(""), count: names.count)
      for (name, value) in row.values { values[columns[name] ?? 0] = .text(value) }
      return cells(index + 1) + values + [.text(row.exitCode), .text(row.wallTime)]
    }
    try CSVWriter.write(
      ["task"] + axes + names + ["exit_code", "wall_time_seconds"], lines, to: &writer)
  }

  /// What was collected, and what is not there.
  private func text(_ state: SweepState, _ files: String) -> String {
    func list(_ name: String, _ numbers: [Int]) -> String? {
      numbers.isEmpty
        ? nil : "\(name): tasks \(NumberRanges.text(numbers).shown(limit: 400))"
    }
    return
      ([
        "\(state.done.count) of \(folder.plan.grid.count) tasks collected",
        list("failed", state.failed.map(\.number)), list("running", state.running.map(\.number)),
        list("missing", state.missing), files,
      ] as [String?]).compactMap(\.self).joined(separator: "\n")
  }
}
