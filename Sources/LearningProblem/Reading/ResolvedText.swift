internal import Yams

/// The values that were read off a problem file, defaults included, which become YAML when somebody
/// asks for it: that takes as long as reading them.
package struct ResolvedText: Sendable {
  /// What a node of Yams holds, but its place in a text: nodes themselves may not be shared by
  /// threads.
  fileprivate indirect enum Value: Sendable {
    case scalar(String, tag: String, style: Node.Scalar.Style.RawValue)
    case list([Value], style: Node.Sequence.Style.RawValue)
    case mapping([(Value, Value)], style: Node.Mapping.Style.RawValue)
  }

  private var values: [(path: String, value: Value)] = []

  /// Takes in the value at a path of keys, in the place of an earlier one there.
  mutating func append(_ node: Node, at path: String) {
    values.append((path, Value(node)))
  }

  /// The whole file as YAML, in the order in which it was read.
  package var yaml: String {
    var root: Node = [:]
    for (path, value) in values { root.set(value.node, at: path.split(separator: ".")[...]) }
    guard let text = try? Yams.serialize(node: root, sortKeys: false) else {
      preconditionFailure("what was read as YAML cannot be written as YAML")
    }
    return text
  }
}

extension ResolvedText.Value {
  init(_ node: Node) {
    if let sequence = node.sequence {
      self = .list(sequence.map { Self($0) }, style: sequence.style.rawValue)
    } else if let mapping = node.mapping {
      self = .mapping(
        mapping.map { (Self($0.key), Self($0.value)) }, style: mapping.style.rawValue)
    } else {
      let scalar = node.scalar
      self = .scalar(
        scalar?.string ?? "", tag: scalar?.tag.description ?? "",
        style: scalar?.style.rawValue ?? 0)
    }
  }

  var node: Node {
    switch self {
    case .scalar(let text, let tag, let style):
      Node(text, Tag(Tag.Name(rawValue: tag)), Node.Scalar.Style(rawValue: style) ?? .any)
    case .list(let values, let style):
      Node(values.map(\.node), .implicit, Node.Sequence.Style(rawValue: style) ?? .any)
    case .mapping(let pairs, let style):
      Node(
        pairs.map { ($0.0.node, $0.1.node) }, .implicit,
        Node.Mapping.Style(rawValue: style) ?? .any)
    }
  }
}
