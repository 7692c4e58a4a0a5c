internal import Yams

extension Node {
  /// Puts `value` at a path of mapping keys, creating mappings on the way.
  mutating func set(_ value: Node, at path: ArraySlice<Substring>) {
    guard let key = path.first else {
      self = value
      return
    }
    var mapping = self.mapping ?? [:]
    let place = mapping.place(of: key)
    var child = place.map { mapping[$0].value } ?? [:]
    if path.count > 1, child.mapping == nil { child = [:] }
    child.set(value, at: path.dropFirst())
    if let place {
      mapping[place].value = child
    } else {
      mapping = Node.Mapping(
        mapping.map { ($0.key, $0.value) } + [(Node(String(key)), child)], mapping.tag,
        mapping.style, mapping.mark)
    }
    self = .mapping(mapping)
  }

  /// The value of a key.
  ///
  /// Keys are compared as texts: the subscript of Yams looks up their tags, in thousands of times
  /// the time.
  func entry(_ key: String) -> Node? {
    guard let mapping else { return nil }
    return mapping.place(of: key[...]).map { mapping[$0].value }
  }

  /// This value without its place in a text: what `--set` gives has no line in the file.
  var unmarked: Node {
    switch self {
    case .scalar(var scalar):
      scalar.mark = nil
      return .scalar(scalar)
    case .sequence(let sequence):
      return Node(sequence.map(\.unmarked), sequence.tag, sequence.style)
    case .mapping(let mapping):
      let pairs = mapping.map { ($0.key.unmarked, $0.value.unmarked) }
      return Node(pairs, mapping.tag, mapping.style)
    default: return self
    }
  }
}

extension Node.Mapping {
  /// Where a key stands.
  fileprivate func place(of key: Substring) -> Int? {
    indices.first { self[$0].key.scalar.map { $0.string == key } ?? false }
  }
}
