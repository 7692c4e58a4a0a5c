extension String {
  /// The text on one line: control characters are escaped, as in `\n` or `\u{1b}`, and what is
  /// longer than `limit` characters is cut in the middle.
  package func shown(limit: Int = .max) -> String {
    let line = unicodeScalars.contains(where: Self.isControl) ? escaped : self
    guard line.utf8.count > limit, line.count > limit else { return line }
    let kept = max(limit - 5, 2)
    return "\(line.prefix((kept + 1) / 2)) ... \(line.suffix(kept / 2))"
  }

  private var escaped: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case let scalar where Self.isControl(scalar):
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// Whether a character moves the cursor, colours the screen, breaks the line or turns it around.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
