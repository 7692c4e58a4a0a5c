internal import Foundation

/// The records of a comma-separated text (RFC 4180), one after the other, with the line on which
/// each begins.
struct CSVRecords {
  private static let (quote, comma, newline, carriage) = (
    UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )
  private let bytes: ArraySlice<UInt8>
  private let file: String
  private var index: Int
  private var line = 1

  init(_ text: PlainText, file: String) {
    bytes = text.bytes
    self.file = file
    index = text.bytes.startIndex
  }

  /// The next record that is not an empty line; fields without blanks around them.
  mutating func next() throws -> (line: Int, fields: [String])? {
    while index < bytes.endIndex {
      let start = line
      let fields = try record(from: start)
      if fields != [""] { return (start, fields) }
    }
    return nil
  }

  private mutating func record(from start: Int) throws -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var quotes = Quotes.none
    func text() -> String {
      let text = String(decoding: field, as: UTF8.self)
      let isPlain = [field.first, field.last].allSatisfy { end in
        end.map { $0 < 0x80 && !Self.isBlank($0) } ?? true
      }
      return isPlain ? text : text.trimmingCharacters(in: .whitespaces)
    }
    while index < bytes.endIndex {
      let byte = bytes[index]
      index += 1
      if byte == Self.newline { line += 1 }
      if quotes == .open {
        guard byte == Self.quote else {
          field.append(byte)
          continue
        }
        if peek == Self.quote {
          field.append(byte)
          index += 1
        } else {
          quotes = .closed
        }
        continue
      }
      switch byte {
      case Self.quote:
        guard quotes == .none, field.allSatisfy(Self.isBlank) else {
          throw fault(
            "a quote inside a field",
            "quotes around a whole field, and two of them for one that belongs to it")
        }
        field = []
        quotes = .open
      case Self.comma:
        fields.append(text())
        field = []
        quotes = .none
      case Self.newline: return fields + [text()]
      case Self.carriage:
        guard peek == nil || peek == Self.newline else {
          throw fault(
            "a carriage return that ends no line",
            "lines that end in a line feed, or in both; save the file with such line ends")
        }
      default:
        guard quotes != .closed || Self.isBlank(byte) else {
          throw fault("a text behind a quoted field", "a comma or the end of the line behind it")
        }
        field.append(byte)
      }
    }
    guard quotes != .open else {
      throw ProblemError(
        file: file, line: start, path: "", found: "a quote that never ends",
        allowed: "quotes in pairs")
    }
    return fields + [text()]
  }

  /// Where a field is with respect to its quotes.
  private enum Quotes { case none, open, closed }

  private var peek: UInt8? { index < bytes.endIndex ? bytes[index] : nil }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private func fault(_ found: String, _ allowed: String) -> ProblemError {
    ProblemError(file: file, line: line, path: "", found: found, allowed: allowed)
  }
}
