internal import Yams

/// A mapping of the problem file, at a path, read key by key against declared parameters.
///
/// Every value read, defaults included, is recorded, so that `run.yaml` can hold the whole problem.
public struct Section {
  /// The path of this mapping, such as `sample_mask`; empty at the top.
  public let path: String

  let node: Node?
  let file: String
  let record: Record
  /// The ingredients that the file may name.
  let catalogue: Catalogue

  /// Collects the resolved problem while it is read.
  final class Record {
    var values = ResolvedText()
    /// The files that were read.
    var inputs: [NamedFile] = []
    /// The numbers that were read, by key.
    var numbers: [String: NumberRead] = [:]
  }

  /// A number that was read: what it may be, and what it is.
  package struct NumberRead: Sendable {
    /// The declaration of its key.
    package let parameter: Parameter
    /// The number.
    package let value: Schedule
  }

  /// Notes a number for `ProblemText.numbers`.
  func note(_ value: Schedule, _ parameter: Parameter) {
    record.numbers[fullPath(parameter.name)] = NumberRead(parameter: parameter, value: value)
  }

  init(_ node: Node?, path: String, file: String, record: Record, catalogue: Catalogue) {
    self.node = node
    self.path = path
    self.file = file
    self.record = record
    self.catalogue = catalogue
  }

  /// A mapping of single values, such as `threshold: 0.1`, each a YAML value.
  ///
  /// - Parameters:
  ///   - values: the value of each key.
  ///   - name: what messages call the place.
  ///   - catalogue: the ingredients that it may name.
  public init(_ values: [String: String], name: String, catalogue: Catalogue = .shipped) {
    let pairs = values.map { (Node($0.key), Node($0.value)) }
    self.init(
      Node(pairs), path: "", file: name, record: Record(), catalogue: catalogue)
  }

  /// An error about `key` of this section.
  public func problem(_ key: String, found: String, allowed: String) -> ProblemError {
    ProblemError(
      file: file, line: (node?.entry(key) ?? node)?.mark?.line, path: fullPath(key), found: found,
      allowed: allowed)
  }

  /// The value of a required number, or one with a default.
  public func number(_ parameter: Parameter) throws -> Double {
    guard let value = try optionalNumber(parameter) else { throw missing(parameter) }
    return value
  }

  /// The value of a number that may be left out.
  public func optionalNumber(_ parameter: Parameter) throws -> Double? {
    guard let node = try value(parameter) else { return nil }
    switch parameter.form {
    case .number(let interval), .schedule(let interval):
      let number = try number(node, in: interval, parameter)
      note(.constant(number), parameter)
      return number
    default: throw refused(parameter, node)
    }
  }

  /// The value of a whole number.
  public func integer(_ parameter: Parameter) throws -> Int {
    guard let whole = try optionalInteger(parameter) else { throw missing(parameter) }
    return whole
  }

  /// The value of a whole number that may be left out.
  public func optionalInteger(_ parameter: Parameter) throws -> Int? {
    guard let node = try value(parameter) else { return nil }
    guard case .integer(let range) = parameter.form,
      let whole = Self.plain(node).flatMap(Magnitude.whole), range.contains(whole)
    else { throw refused(parameter, node) }
    return whole
  }

  /// The value of a key that takes one of a few words.
  public func choice(_ parameter: Parameter) throws -> String {
    guard let node = try value(parameter) else { throw missing(parameter) }
    guard case .choice(let words) = parameter.form, let word = node.scalar?.string,
      words.contains(word)
    else { throw refused(parameter, node) }
    return word
  }

  /// The value of a key that takes a list of numbers.
  public func numbers(_ parameter: Parameter) throws -> [Double] {
    guard let node = try value(parameter) else { throw missing(parameter) }
    guard case .numbers(let interval) = parameter.form, let entries = node.sequence else {
      throw refused(parameter, node)
    }
    return try entries.map { try number($0, in: interval, parameter) }
  }

  /// The value of a key that takes a text; nil if it may be left out and is.
  public func text(_ parameter: Parameter) throws -> String? {
    guard let node = try value(parameter) else {
      guard parameter.presence == .optional else { throw missing(parameter) }
      return nil
    }
    guard case .text = parameter.form, let text = node.scalar?.string, !text.isEmpty else {
      throw refused(parameter, node)
    }
    return text
  }

  /// The value of a key that takes a list of texts; nil if it may be left out and is.
  public func texts(_ parameter: Parameter) throws -> [String]? {
    guard let node = try value(parameter) else {
      guard parameter.presence == .optional else { throw missing(parameter) }
      return nil
    }
    let texts = node.sequence?.compactMap { $0.scalar?.string } ?? []
    guard case .texts = parameter.form, !texts.isEmpty, texts.count == node.sequence?.count else {
      throw refused(parameter, node)
    }
    return texts
  }

  /// Puts into the record what was read off other keys.
  package func record(_ text: String, _ parameter: Parameter) {
    record.values.append(Node(text), at: fullPath(parameter.name))
  }

  /// Whether the file gives a value for `key`.
  public func has(_ key: String) -> Bool { node?.entry(key) != nil }

  /// Whether the value for `key` is a mapping.
  func hasMapping(_ key: String) -> Bool { node?.entry(key)?.mapping != nil }

  /// The mapping under `key`; an absent one reads as empty.
  package func section(_ key: String) throws -> Section {
    let child = node?.entry(key)
    if let child, child.mapping == nil {
      throw problem(key, found: Self.text(child), allowed: "a mapping such as {kind: ...}")
    }
    return Section(
      child, path: fullPath(key), file: file, record: record, catalogue: catalogue)
  }

  /// Refuses keys that are not in `known`.
  package func refuseUnknownKeys(_ known: [String]) throws {
    for (key, _) in node?.mapping ?? [:] {
      let name = key.scalar?.string ?? "(not a word)"
      guard known.contains(name) else {
        throw ProblemError(
          file: file, line: key.mark?.line, path: fullPath(name), found: "an unknown key",
          allowed: known.isEmpty ? "no keys" : known.joined(separator: ", "))
      }
    }
  }

  func missing(_ parameter: Parameter) -> ProblemError {
    problem(parameter.name, found: "nothing (the key is missing)", allowed: parameter.allowed)
  }

  /// The node under the parameter's key or its default; recorded.
  func value(_ parameter: Parameter) throws -> Node? {
    var found = node?.entry(parameter.name)
    if found == nil, case .standard(let text) = parameter.presence { found = Node(text) }
    if let found {
      record.values.append(
        found.recorded(as: parameter.form), at: fullPath(parameter.name))
    }
    return found
  }

  func refused(_ parameter: Parameter, _ node: Node) -> ProblemError {
    problem(parameter.name, found: Self.text(node), allowed: parameter.allowed)
  }

  func fullPath(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The number in `node`, refused if it is not in `interval`.
  func number(_ node: Node, in interval: Interval, _ parameter: Parameter) throws -> Double {
    let number = Self.number(node)
    if let number, interval.contains(number) { return number }
    let looksLikeOne = number == nil && Self.plain(node)?.contains(where: \.isNumber) == true
    throw problem(
      parameter.name, found: Self.text(node),
      allowed: parameter.allowed(for: number, in: interval)
        + (looksLikeOne ? ", in decimals such as 16 or 1e-3" : ""))
  }

  static func number(_ node: Node) -> Double? { plain(node).flatMap(Magnitude.number) }

  /// The text of a value without quotes, tag or anchor.
  private static func plain(_ node: Node) -> String? {
    guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else {
      return nil
    }
    return scalar.string
  }

  /// A value on one line, as YAML writes it in flow style; long ones are cut in the middle.
  static func text(_ node: Node) -> String {
    let line = flow(node)
    return line.isEmpty ? "an empty value" : line.shown(limit: 80)
  }

  private static func flow(_ node: Node) -> String {
    if let sequence = node.sequence {
      return "[" + sequence.map(flow).joined(separator: ", ") + "]"
    }
    if let mapping = node.mapping {
      return "{" + mapping.map { "\(flow($0.key)): \(flow($0.value))" }.joined(separator: ", ")
        + "}"
    }
    return node.scalar?.string ?? ""
  }
}
