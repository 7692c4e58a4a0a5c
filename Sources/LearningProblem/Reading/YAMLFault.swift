internal import Yams

/// What is wrong with a text that is no YAML, in a few words and with its line.
struct YAMLFault {
  /// What messages call a right text.
  static let allowed = "a YAML mapping of the keys that `dmft list` shows"

  private let line: Int?
  private let path: String
  private let found: String
  private let allowed: String

  /// Translates an error about `yaml`.
  init(_ error: YamlError, in yaml: String) {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init(
        line: mark.line, path: "", found: "invalid YAML (\(problem), column \(mark.column))",
        allowed: Self.allowed)
    case .reader(let problem, let offset, let value, _):
      let lines = offset.map { yaml.utf8.prefix($0).count { $0 == UInt8(ascii: "\n") } + 1 }
      let code = value > 0 ? ": code \(value)" : ""
      self.init(
        line: lines, path: "", found: "invalid YAML (\(problem)\(code))",
        allowed: Self.allowed)
    case .duplicatedKeysInMapping(let keys, let context):
      let key = keys.first ?? ""
      let second = Self.line(of: key, after: context.mark, in: yaml)
      self.init(
        line: context.mark.line, path: key,
        found: second.map { "the key again in line \($0)" } ?? "the key twice",
        allowed: "every key once (delete one of the two)")
    case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
      self.init(line: nil, path: "", found: "invalid YAML", allowed: Self.allowed)
    }
  }

  private init(line: Int?, path: String, found: String, allowed: String) {
    (self.line, self.path, self.found, self.allowed) = (line, path, found, allowed)
  }

  /// The error about a file.
  func error(file: String) -> ProblemError {
    ProblemError(file: file, line: line, path: path, found: found, allowed: allowed)
  }

  /// The line where `key` stands again behind `mark`: in the same column, or else anywhere.
  private static func line(of key: String, after mark: Mark, in yaml: String) -> Int? {
    guard !key.isEmpty else { return nil }
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    var elsewhere: Int?
    for number in max(mark.line, 1)...max(mark.line, lines.count) where number <= lines.count {
      let text = lines[number - 1]
      for range in text.ranges(of: key) {
        let column = text.distance(from: text.startIndex, to: range.lowerBound) + 1
        guard number > mark.line || column > mark.column else { continue }
        let rest = text[range.upperBound...].drop { " \"'".contains($0) }
        guard rest.first == ":" else { continue }
        if column == mark.column || number == mark.line { return number }
        elsewhere = elsewhere ?? number
      }
    }
    return elsewhere
  }
}

extension Node {
  /// The same values with what merge keys (`<<: *name`, or a list of names) stand for in their
  /// place; keys that are there win, and then the first of a list.
  func merged(file: String) throws -> Node {
    if let sequence {
      return Node(try sequence.map { try $0.merged(file: file) }, sequence.tag, sequence.style)
        .at(mark)
    }
    guard let mapping else { return self }
    var pairs = [(Node, Node)]()
    var inherited = [(Node, Node)]()
    for (key, value) in mapping {
      let value = try value.merged(file: file)
      guard let scalar = key.scalar, scalar.string == "<<", scalar.style == .plain else {
        pairs.append((key, value))
        continue
      }
      let sources = value.sequence.map { Array($0) } ?? [value]
      for source in sources {
        guard let entries = source.mapping else {
          throw ProblemError(
            file: file, line: key.mark?.line, path: "<<", found: "what is no mapping",
            allowed: "a mapping, such as *name of one with &name, or a list of them")
        }
        inherited += entries.map { ($0.key, $0.value) }
      }
    }
    for (key, value) in inherited where !pairs.contains(where: { $0.0 == key }) {
      pairs.append((key, value))
    }
    return Node(pairs, mapping.tag, mapping.style).at(mark)
  }

  /// The same list or mapping with its place in the text.
  private func at(_ mark: Mark?) -> Node {
    switch self {
    case .mapping(var mapping):
      mapping.mark = mark
      return .mapping(mapping)
    case .sequence(var sequence):
      sequence.mark = mark
      return .sequence(sequence)
    default: return self
    }
  }
}
