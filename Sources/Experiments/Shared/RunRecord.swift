internal import Foundation
public import LearningProblem
public import MaskedDMFT
internal import NumericalKit
internal import RunStorage

/// `run.yaml`: everything needed to repeat a run, and how it went.
public struct RunRecord: Sendable {
  /// The version of this software.
  public static let version = "0.1.0"
  /// The line between the record and the problem.
  private static let problemKey = "problem:"

  /// What the user typed.
  public let command: String
  /// The problem with defaults and overrides; nil if the command has none.
  public let problem: ProblemFile?
  /// How long it took.
  public let wallTimeSeconds: Double
  /// Lines `key: value` of the solvers; values are quoted unless numbers or booleans.
  public let diagnostics: [(key: String, value: String)]
  /// Learning rules that bring a weight mask of their own, and the problem with them.
  public let rules: [(name: String, problem: Problem)]

  /// Creates a record.
  public init(
    command: String, problem: ProblemFile?, wallTimeSeconds: Double,
    diagnostics: [(key: String, value: String)] = [], rules: [(name: String, problem: Problem)] = []
  ) {
    self.command = command
    self.problem = problem
    self.wallTimeSeconds = wallTimeSeconds
    self.diagnostics = diagnostics
    self.rules = rules
  }

  /// The YAML text.
  public var yaml: String {
    var lines = [
      "command: \(command.quoted)", "version: \(Self.version.quoted)",
      "swift: \(Self.swiftVersion.quoted)",
    ]
    lines += Libraries.versions.map { "\($0.name): \($0.version.quoted)" }
    lines.append("wall_time_seconds: \((wallTimeSeconds * 1000).rounded() / 1000)")
    lines += unitPaths
    if !diagnostics.isEmpty { lines.append("diagnostics:") }
    lines += diagnostics.map { key, value in
      "  \(key): \(Double(value) != nil || Bool(value) != nil ? value : value.quoted)"
    }
    if let problem {
      lines.append(Self.problemKey)
      lines += problem.resolvedYAML.split(separator: "\n").map { "  \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The paths of the hidden units, of the problem and of rules with masks of their own.
  private var unitPaths: [String] {
    guard let problem else { return [] }
    let own = UnitPaths.lines(problem.problem, paths: problem.paths).map { "  \($0)" }
    let others = rules.flatMap { name, rule in
      let lines = UnitPaths.lines(rule, paths: problem.paths).map { "    \($0)" }
      return lines.isEmpty ? [] : ["  \(name.quoted):"] + lines
    }
    return (own.isEmpty ? [] : ["learning_units:"] + own)
      + (others.isEmpty ? [] : ["rule_learning_units:"] + others)
  }

  /// The problem in the `run.yaml` at `path`.
  public static func problem(at path: String) throws -> Problem {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OutputError(
        "\(path) cannot be read: not the folder of a run; use one that `dmft solve` has written")
    }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
    let inside = lines.drop { $0 != problemKey }.dropFirst().prefix { $0.hasPrefix("  ") }
    let yaml = inside.map { $0.dropFirst(2) }.joined(separator: "\n")
    return try ProblemFile(yaml: yaml, name: path).problem
  }

  private static var swiftVersion: String {
    #if compiler(>=6.4)
      "6.4 or later"
    #else
      "6.3"
    #endif
  }
}
