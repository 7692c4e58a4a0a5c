internal import Yams

/// A sweep as `sweep.yaml` keeps it: the whole plan, from which each task follows.
public struct SweepPlan: Sendable {
  /// The points.
  public let grid: SweepGrid
  /// The name of the command that each task runs.
  public let command: String
  /// Its options, the same for all tasks.
  let options: [String]
  /// What each task holds at its biggest moment on one thread, in bytes, at most; 0 if unknown.
  let bytes: Double

  /// The problem file of the sweep, in its folder.
  static let problem = "problem.yaml"

  /// The digits of a task's number.
  private var digits: Int { max(4, "\(grid.count)".count) }

  /// The name of task `number`, from 1, such as `0007`.
  func name(_ number: Int) -> String {
    let text = "\(number)"
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// What is typed behind `dmft` for task `number`, in the folder of the sweep.
  func arguments(_ number: Int, output: String, threads: Int) -> [String] {
    let point = number - 1
    return [command, Self.problem] + options
      + grid.settings(point).flatMap { ["--set", $0] }
      + (grid.seed(point).map { ["--seed", "\($0)"] } ?? [])
      + ["--output", output, "--quiet", "--threads", "\(threads)"]
  }
}

// MARK: The file

extension SweepPlan {
  private struct File: Codable {
    struct Axis: Codable {
      let key: String
      let scale: String
      let values: [String]
    }
    let version: String
    let command: String
    let problem: String
    let options: [String]
    let paired: Bool
    let axes: [Axis]
    let tasks: Int
    let memory_bytes: Int
  }

  private static let logarithmic = "logarithmic"

  /// The text of `sweep.yaml`.
  var yaml: String {
    get throws {
      try YAMLEncoder().encode(
        File(
          version: RunRecord.version, command: command, problem: Self.problem, options: options,
          paired: grid.isPaired,
          axes: grid.axes.map {
            File.Axis(
              key: $0.key, scale: $0.isLogarithmic ? Self.logarithmic : "linear", values: $0.texts)
          }, tasks: grid.count, memory_bytes: Int(bytes)))
    }
  }

  /// Reads the text of a `sweep.yaml`; throws what is wrong with it.
  init(yaml: String) throws {
    let file = try YAMLDecoder().decode(File.self, from: yaml)
    grid = try SweepGrid(
      file.axes.map {
        ParameterAxis(key: $0.key, texts: $0.values, isLogarithmic: $0.scale == Self.logarithmic)
      }, isPaired: file.paired)
    (command, options, bytes) = (file.command, file.options, Double(file.memory_bytes))
  }
}
