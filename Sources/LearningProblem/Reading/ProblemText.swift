internal import Foundation
internal import Yams

/// The text of a problem file (YAML, or JSON as a subset of it) with overrides on top, parsed into
/// sections to be read.
package struct ProblemText {
  /// The mapping at the top.
  package let root: Section

  /// Parses the file at `path` with `key.path=value` overrides.
  ///
  /// Throws `ProblemError`.
  package init(path: String, overrides: [String], catalogue: Catalogue) throws {
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

  /// Parses YAML text; `name` stands for the file in messages.
  package init(yaml: String, name: String, overrides: [String], catalogue: Catalogue) throws {
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
    self.root = Section(root, path: "", file: name, record: Section.Record(), catalogue: catalogue)
  }

  /// What has been read so far, defaults and overrides included, as YAML.
  package func resolved() throws -> String {
    try Yams.serialize(node: root.record.root, sortKeys: false)
  }

  /// The paths of other files that have been read so far.
  package var inputs: [String] { root.record.inputs }

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
