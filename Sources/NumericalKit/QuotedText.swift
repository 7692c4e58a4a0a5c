internal import Foundation

extension String {
  /// The text in double quotes, as YAML and JSON read it; control characters are escaped.
  public var quoted: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\\(scalar)"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      // Beyond U+FFFF all is printable to YAML, which knows no pairs of escapes as JSON does.
      case _ where scalar.value <= 0xFFFF && (scalar.isControl || scalar.isUnassigned):
        text += "\\u" + Self.fourDigits(scalar.value)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// The text that `quoted` wrote; nil for anything else.
  public init?(quoted: some StringProtocol) {
    guard let text = try? JSONDecoder().decode(String.self, from: Data(quoted.utf8)) else {
      return nil
    }
    self = text
  }

  private static func fourDigits(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }
}

extension Unicode.Scalar {
  /// Whether the character moves the cursor, colours the screen, breaks the line or turns it
  /// around.
  package var isControl: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  fileprivate var isUnassigned: Bool { properties.generalCategory == .unassigned }
}
