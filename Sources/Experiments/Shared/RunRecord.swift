internal import Foundation
public import LearningProblem
public import MaskedDMFT
public import NumericalKit
internal import RunStorage

/// `run.yaml`: everything needed to repeat a run, and how it went.
public struct RunRecord: Sendable {
  /// The version of this software.
  public static let version = "0.1.0"
  /// The line between the record and the problem.
  private static let problemKey = "problem:"

  /// What was typed.
  public let invocation: Invocation
  /// The threads that worked; nil if the command has no choice.
  public let threads: GrantedThreads?
  /// The problem with defaults and overrides; nil if the command has none.
  public let problem: ProblemFile?
  /// How long it took.
  public let wallTimeSeconds: Double
  /// Parts of the results that earlier processes had computed, in a time of their own.
  public let keptParts: Int
  /// The command whose parts were merged; nil if it ran itself.
  public let mergedCommand: String?
  /// Lines `key: value` of the solvers; values are quoted unless numbers or booleans.
  public let diagnostics: [(key: String, value: String)]
  /// Learning rules that bring a weight mask of their own, and the problem with them.
  public let rules: [(name: String, problem: Problem)]

  /// Creates a record.
  public init(
    _ invocation: Invocation, threads: GrantedThreads? = nil, problem: ProblemFile?,
    wallTimeSeconds: Double, keptParts: Int = 0, mergedCommand: String? = nil,
    diagnostics: [(key: String, value: String)] = [],
    rules: [(name: String, problem: Problem)] = []
  ) {
    self.invocation = invocation
    self.threads = threads
    self.problem = problem
    self.wallTimeSeconds = wallTimeSeconds
    self.keptParts = keptParts
    self.mergedCommand = mergedCommand
    self.diagnostics = diagnostics
    self.rules = rules
  }

  /// The YAML text, which readers of YAML 1.1 and 1.2 understand alike.
  public var yaml: String {
    var lines = [
      "command: \(invocation.command.quoted)", "version: \(Self.version.quoted)",
      "commit: \((invocation.commit ?? "unknown").quoted)",
    ]
    lines += invocation.hasSourceChanges.map { ["source_changes: \($0)"] } ?? []
    lines += [
      "started: \(invocation.start.formatted(.iso8601).quoted)",
      "host: \(Machine.hostName.quoted)", "processor: \(Machine.processor.quoted)",
      "blas_core: \(Libraries.blasCore.quoted)",
    ]
    lines +=
      threads.map {
        ["threads: \($0.count)", "threads_granted_by: \($0.source.rawValue.quoted)"]
      } ?? []
    lines.append("swift: \(Self.swiftVersion.quoted)")
    lines += Libraries.versions.map { "\($0.name): \($0.version.quoted)" }
    lines += [
      "wall_time_seconds: \(((wallTimeSeconds * 1000).rounded() / 1000).yaml)",
      "peak_memory_bytes: \(Machine.peakMemory)",
    ]
    if keptParts > 0 { lines.append("kept_parts: \(keptParts)") }
    lines += mergedCommand.map { ["merged_command: \($0.quoted)"] } ?? []
    lines += unitPaths
    if !diagnostics.isEmpty { lines.append("diagnostics:") }
    lines += diagnostics.map { key, value in
      "  \(key): \(Self.value(value))"
    }
    if let problem {
      lines.append(Self.problemKey)
      lines += problem.resolvedYAML.split(separator: "\n").map { "  \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A number, true, false, or a text in quotes.
  private static func value(_ text: String) -> String {
    if Bool(text) != nil { return text }
    // Whole numbers keep their digits; leading zeros would make them octal to YAML 1.1.
    guard let number = Magnitude.number(text) else { return text.quoted }
    return Int(text) != nil ? text : number.yaml
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
