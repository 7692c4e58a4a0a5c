internal import Yams

/// What a YAML text may hold, so that neither parsing nor reading it takes more time or stack than
/// a problem needs: nested levels and aliases, counted before it is parsed, and values, counted
/// with those that aliases stand for.
struct YAMLBounds {
  /// The most levels of lists and mappings in each other.
  static let deepest = 64
  /// The most aliases; each at most doubles the values, or triples them three at a time.
  static let mostAliases = 20
  /// The most values.
  static let mostNodes = 500_000

  /// A limit that is exceeded.
  struct Excess: Error {
    let line: Int?
    let found: String
    let allowed: String
  }

  /// Throws an `Excess` about a text that is not parsed yet.
  static func check(_ yaml: String) throws(Excess) {
    var scan = YAMLBounds()
    for byte in yaml.utf8 {
      try scan.read(byte)
    }
  }

  /// Throws an `Excess` about what was parsed; costs `mostNodes` steps at most.
  static func check(_ root: Node) throws(Excess) {
    var waiting = [root]
    var count = 0
    while let node = waiting.popLast() {
      count += 1
      if let sequence = node.sequence { waiting += sequence }
      for (key, value) in node.mapping ?? [:] { waiting += [key, value] }
      guard count + waiting.count <= mostNodes else {
        throw Excess(
          line: nil, found: "more than \(mostNodes) values, aliases counted as often as they stand",
          allowed: "fewer values; large data go into a CSV file (data: {kind: csv})")
      }
    }
  }

  private enum Place { case plain, single, double, escape, comment }

  private var place = Place.plain
  private var line = 1
  private var column = 0
  /// Whether nothing but spaces and the signs of list entries came before in this line.
  private var isIndent = true
  private var previous = UInt8(ascii: "\n")
  /// The columns at which the blocks start that are open.
  private var blocks = [Int]()
  private var brackets = 0
  private var aliases = 0

  private mutating func read(_ byte: UInt8) throws(Excess) {
    switch place {
    case .comment: if byte == UInt8(ascii: "\n") { place = .plain }
    case .single: if byte == UInt8(ascii: "'") { place = .plain }
    case .escape: place = .double
    case .double:
      if byte == UInt8(ascii: "\"") { place = .plain }
      if byte == UInt8(ascii: "\\") { place = .escape }
    case .plain: try readPlain(byte)
    }
    previous = byte
    column += 1
    if byte == UInt8(ascii: "\n") { (line, column, isIndent) = (line + 1, 0, true) }
  }

  private mutating func readPlain(_ byte: UInt8) throws(Excess) {
    let isFirst = previous.isBreak
    switch byte {
    case UInt8(ascii: "#") where isFirst: place = .comment
    case UInt8(ascii: "'") where isFirst: place = .single
    case UInt8(ascii: "\"") where isFirst: place = .double
    case UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
    case UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
    case UInt8(ascii: "*") where isFirst: aliases += 1
    default: break
    }
    if isIndent, brackets == 0, !byte.isSpace, place != .comment {
      while let last = blocks.last, last >= column { blocks.removeLast() }
      blocks.append(column)
      isIndent = byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?")
    }
    guard blocks.count + brackets <= Self.deepest else {
      throw Excess(
        line: line, found: "lists or mappings in each other, more than \(Self.deepest) levels",
        allowed: "the few levels of a problem")
    }
    guard aliases <= Self.mostAliases else {
      throw Excess(
        line: line, found: "more than \(Self.mostAliases) aliases (*name)",
        allowed: "at most \(Self.mostAliases); write the others out")
    }
  }
}

extension UInt8 {
  fileprivate var isSpace: Bool { self <= UInt8(ascii: " ") }
  /// Whether a word may start behind this character.
  fileprivate var isBreak: Bool { isSpace || "[{,:-?".utf8.contains(self) }
}
