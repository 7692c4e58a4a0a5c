internal import Yams

/// The text of a problem file (YAML, or JSON as a subset of it) with overrides on top, parsed into
/// sections to be read.
package struct ProblemText {
  /// The mapping at the top.
  package let root: Section

  /// The most keys in the path of an override.
  private static let longestPath = 8

  /// Parses a text with `key.path=value` overrides.
  ///
  /// Throws `ProblemError`.
  package init(_ source: ProblemSource, overrides: [String], catalogue: Catalogue) throws {
    let root = try Self.tree(source, overrides: overrides)
    self.root = Section(
      root, path: "", file: source.name, record: Section.Record(), catalogue: catalogue)
  }

  /// The values of a text with overrides on top.
  fileprivate static func tree(_ source: ProblemSource, overrides: [String]) throws -> Node {
    let name = source.name
    var root = try parse(source.text, name: name)
    for override in overrides {
      let parts = override.split(separator: "=", maxSplits: 1)
      let path = parts.first?.split(separator: ".", maxSplits: Self.longestPath) ?? []
      guard parts.count == 2, (1...Self.longestPath).contains(path.count),
        let value = try? tree(String(parts[1]), name: name)
      else {
        throw ProblemError(
          file: name, path: "--set", found: override.shown(limit: 80),
          allowed: "key.path=value with a YAML value")
      }
      root.set(value.unmarked, at: path[...])
    }
    return root
  }

  /// What has been read so far, defaults and overrides included.
  package var resolved: ResolvedText { root.record.values }

  /// The numbers that have been read so far, by key.
  package var numbers: [String: Section.NumberRead] { root.record.numbers }

  /// The other files that have been read so far.
  package var inputs: [Section.NamedFile] { root.record.inputs }

  private static func parse(_ yaml: String, name: String) throws -> Node {
    let root = try tree(yaml, name: name)
    guard let root, root.mapping != nil else {
      throw ProblemError(
        file: name, path: "", found: root == nil ? "an empty file" : "no mapping",
        allowed: YAMLFault.allowed)
    }
    return root
  }

  /// The values of a text within `YAMLBounds`, merge keys replaced by what they stand for.
  private static func tree(_ yaml: String, name: String) throws -> Node? {
    do {
      try YAMLBounds.check(yaml)
      guard let root = try Yams.compose(yaml: yaml) else { return nil }
      try YAMLBounds.check(root)
      return try root.merged(file: name)
    } catch let excess as YAMLBounds.Excess {
      throw ProblemError(
        file: name, line: excess.line, path: "", found: excess.found, allowed: excess.allowed)
    } catch let error as YamlError {
      throw YAMLFault(error, in: yaml).error(file: name)
    }
  }
}

extension ProblemSource {
  /// The text with `key.path=value` overrides written into it, unread.
  ///
  /// Throws `ProblemError` where it is no YAML.
  package func setting(_ overrides: [String]) throws -> ProblemSource {
    ProblemSource(
      text: try Yams.serialize(
        node: ProblemText.tree(self, overrides: overrides), sortKeys: false), name: name)
  }
}
