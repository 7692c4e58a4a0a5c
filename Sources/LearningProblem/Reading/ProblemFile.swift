internal import Foundation
internal import Yams

/// A problem as read from a YAML file (JSON is accepted as a subset).
public struct ProblemFile: Sendable {
  /// The problem.
  public let problem: Problem
  /// The whole problem as YAML, defaults and overrides included.
  public let resolvedYAML: String
  /// The ingredients that it could name.
  public let catalogue: Catalogue

  /// Reads the file at `path`, applies `key.path=value` overrides, validates.
  ///
  /// Throws `ProblemError` with file, line, key, the value found and what is allowed.
  public init(
    path: String, overrides: [String] = [], catalogue: Catalogue = .shipped
  ) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw ProblemError(
        file: path, path: "", found: exists ? "a file that cannot be read" : "no such file",
        allowed: "a readable problem file (`dmft example` prints one)")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw ProblemError(
        file: path, path: "", found: "bytes that are not UTF-8", allowed: "a YAML text")
    }
    try self.init(yaml: text, name: path, overrides: overrides, catalogue: catalogue)
  }

  /// Reads YAML text; `name` stands for the file in messages.
  public init(
    yaml: String, name: String = "problem", overrides: [String] = [],
    catalogue: Catalogue = .shipped
  ) throws {
    self.catalogue = catalogue
    var root = try Self.parse(yaml, name: name)
    for override in overrides {
      let parts = override.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, !parts[0].isEmpty,
        let value = try? Yams.compose(yaml: String(parts[1]))
      else {
        throw ProblemError(
          file: name, path: "--set", found: override, allowed: "key.path=value with a YAML value")
      }
      root.set(value.unmarked, at: parts[0].split(separator: ".")[...])
    }
    let record = Section.Record()
    problem = try Problem(
      from: Section(root, path: "", file: name, record: record, catalogue: catalogue))
    resolvedYAML = try Yams.serialize(node: record.root, sortKeys: false)
  }

  private static func parse(_ yaml: String, name: String) throws -> Node {
    let allowed = "a YAML mapping of the keys that `dmft list` shows"
    let root: Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch {
      let text = "\(error)".split(separator: "\n").joined(separator: " ")
      throw ProblemError(file: name, path: "", found: "invalid YAML (\(text))", allowed: allowed)
    }
    guard let root, root.mapping != nil else {
      throw ProblemError(
        file: name, path: "", found: root == nil ? "an empty file" : "no mapping", allowed: allowed)
    }
    return root
  }
}
