internal import Foundation
internal import LearningProblem
internal import MaskedDMFT
internal import NumericalKit
internal import RunStorage

/// Plans a sweep: checks every point, estimates what all of them take, and writes the folder.
public struct SweepPlanner {
  /// What was typed for a sweep.
  public struct Request: Sendable {
    /// What each task does.
    public let command: SweptCommand
    /// Its name and its options, as typed.
    public let words: (name: String, options: [String])
    /// What the options say of the problem and its seeds.
    public let common: Study.Options

    /// Creates a request.
    public init(
      _ command: SweptCommand, words: (name: String, options: [String]), common: Study.Options
    ) {
      (self.command, self.words, self.common) = (command, words, common)
    }
  }

  /// What is known of one point.
  private struct Point: Sendable {
    let demand: TaskDemand
    let files: [String: String]
  }

  private let source: ProblemSource
  private let request: Request
  private let grid: SweepGrid

  /// Reads the problem file at `path`; throws a `Failure`.
  public init(file path: String, request: Request, grid: SweepGrid) throws {
    do {
      source = try ProblemSource(path: path)
    } catch {
      throw Failure(error, file: path)
    }
    (self.request, self.grid) = (request, grid)
  }

  /// Checks all points and writes the folder at `output`, by default `sweeps/<file name>`.
  ///
  /// What is wrong with points is said on standard error, a line each; nothing is written then.
  /// Returns the sweep and the number of operations of each task, where they are counted.
  public func write(
    to output: String?, force: Bool, invocation: Invocation
  ) throws -> (folder: SweepFolder, operations: [Double]?) {
    let start = ContinuousClock.now
    let points = try checked()
    let path = output ?? "sweeps/\(source.name.baseName)"
    do {
      let copies = try FileCopies(points.map(\.files), axes: grid.axes)
      let plan = SweepPlan(
        grid: try SweepGrid(copies.axes, isPaired: grid.isPaired), command: request.words.name,
        options: request.words.options + copies.settings.flatMap { ["--set", $0] },
        bytes: points.map(\.demand.bytes).max() ?? 0)
      try RunDirectory.writing(
        to: path, force: force, inputs: copies.files.map(\.from)
      ) { directory in
        try directory.write(SweepFolder.planFile, text: plan.yaml)
        try directory.write(SweepPlan.problem, text: source.text)
        for (from, to) in copies.files {
          guard let data = FileManager.default.contents(atPath: from) else {
            throw WriteError("\(from) cannot be read any more")
          }
          try directory.write(to) { try $0.write(data) }
        }
        try directory.write("tasks.csv") { writer in
          let rows = (0..<plan.grid.count).lazy.map { point -> [CSVCell] in
            [.text(plan.name(point + 1))] + plan.grid.values(point).map(CSVCell.text)
          }
          try CSVWriter.write(["task"] + grid.axes.map(\.key), rows, to: &writer)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return ((), RunRecord(invocation, problem: nil, wallTimeSeconds: seconds).yaml)
      }
    } catch {
      throw Failure(error, file: source.name)
    }
    let operations = points.compactMap(\.demand.operations)
    return (try SweepFolder(path), operations.count == points.count ? operations : nil)
  }

  /// What each point takes; throws a `Failure` after a line for each that is refused.
  private func checked() throws -> [Point] {
    let (source, request, grid) = (source, request, grid)
    let results = try ParallelFor(threads: nil).map(grid.count) { point -> Result<Point, Failure> in
      do {
        var options = request.common
        options.overrides += grid.settings(point)
        options.seed = grid.seed(point) ?? options.seed
        options.threads = 1
        let study = try Study(source, options: options)
        let files = Dictionary(
          study.file.namedFiles.map { ($0.key, $0.path) }, uniquingKeysWith: { $1 })
        return .success(Point(demand: try study.demand(of: request.command), files: files))
      } catch {
        return .failure(Failure(error, file: source.name))
      }
    }
    var refused: [(text: String, failure: Failure)] = []
    var points: [Point] = []
    for (point, result) in results.enumerated() {
      switch result {
      case .success(let found): points.append(found)
      case .failure(let failure):
        let text = "task \(point + 1) (\(grid.text(point))): \(failure)"
        ProgressReporter.standardError(text + "\n")
        refused.append((text, failure))
      }
    }
    guard let first = refused.first else { return points }
    throw Failure(
      "\(refused.count) of \(grid.count) tasks are refused, and nothing was written; the first: "
        + first.text, status: first.failure.status)
  }
}
