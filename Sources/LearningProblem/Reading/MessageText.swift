internal import NumericalKit

extension String {
  /// The text on one line: control characters are escaped, as in `\n` or `\u{1b}`, and what is
  /// longer than `limit` characters is cut in the middle.
  package func shown(limit: Int = .max) -> String {
    let line = unicodeScalars.contains(where: \.isControl) ? escaped : self
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
      case let scalar where scalar.isControl:
        text += "\\u{\(String(scalar.value, radix: 16))}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
