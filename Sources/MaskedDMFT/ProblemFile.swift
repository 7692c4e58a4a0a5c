public import LearningProblem
public import MeanField
public import Training

/// A problem as read from a YAML file (JSON is accepted as a subset), and how it is to be solved
/// and trained.
///
/// ```swift
/// let file = try ProblemFile(path: "problem.yaml", overrides: ["weight_decay=0.2"])
/// let theory = try file.problem.solve(file.theory, paths: file.paths)
/// ```
public struct ProblemFile: Sendable {
  /// The problem.
  public let problem: Problem
  /// How the theory is solved.
  public let theory: TheorySettings
  /// How it is trained directly.
  public let training: TrainingSettings
  /// The numbers of the random paths of the hidden units, where a mask draws these, over which
  /// results are averaged: from 0. `[mask.units]`
  public let paths: Range<Int>
  /// The whole file as YAML, defaults and overrides included.
  public var resolvedYAML: String { resolved.yaml }
  private let resolved: ResolvedText
  /// The paths of other files that it names and that were read.
  public var inputs: [String] { namedFiles.map(\.path) }
  /// The same files, with the keys that name them.
  package let namedFiles: [Section.NamedFile]
  /// The numbers in it, defaults included, by the paths of their keys.
  package let numbers: [String: Section.NumberRead]
  /// The ingredients that it could name.
  public let catalogue: Catalogue

  static let paths = Parameter(
    "paths", .integer(1...10_000),
    "random paths of the hidden units (weight_mask row, subnet) to average over", default: "1")
  /// Keys at the top of the file that are no sections.
  public static let parameters = Problem.parameters + [paths]

  /// Reads the file at `path` (`-`: standard input), applies `key.path=value` overrides, validates.
  ///
  /// Throws `ProblemError` with file, line, key, the value found and what is allowed.
  public init(
    path: String, overrides: [String] = [], catalogue: Catalogue = .shipped
  ) throws {
    try self.init(ProblemSource(path: path), overrides: overrides, catalogue: catalogue)
  }

  /// Reads YAML text; `name` stands for the file in messages.
  public init(
    yaml: String, name: String = "problem", overrides: [String] = [],
    catalogue: Catalogue = .shipped
  ) throws {
    try self.init(
      ProblemSource(text: yaml, name: name), overrides: overrides, catalogue: catalogue)
  }

  /// Reads a text that was read from a file.
  public init(
    _ source: ProblemSource, overrides: [String] = [], catalogue: Catalogue = .shipped
  ) throws {
    try self.init(ProblemText(source, overrides: overrides, catalogue: catalogue), catalogue)
  }

  private init(_ text: ProblemText, _ catalogue: Catalogue) throws {
    let root = text.root
    try root.refuseUnknownKeys(
      catalogue.families.map(\.key) + Self.parameters.map(\.name) + Problem.sections
        + ["theory", "training"])
    self.catalogue = catalogue
    problem = try Problem(from: root)
    paths = 0..<(try root.integer(Self.paths))
    theory = try TheorySettings(from: try root.section("theory"))
    training = try TrainingSettings(from: try root.section("training"), of: problem)
    do {
      try training.validate(for: problem)
    } catch {
      throw try root.problem(error)
    }
    resolved = text.resolved
    namedFiles = text.inputs
    numbers = text.numbers
  }
}
