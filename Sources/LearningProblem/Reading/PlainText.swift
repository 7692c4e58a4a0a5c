/// The bytes of a text that somebody else wrote, in UTF-8 with or without a byte order mark.
///
/// Nothing is guessed of other encodings: they are refused with the line and the byte, since two
/// words of theirs may become one where bytes are replaced.
package struct PlainText {
  /// The text without its byte order mark.
  package let bytes: ArraySlice<UInt8>

  /// Checks the contents of `file`. Throws `ProblemError`.
  package init(_ bytes: [UInt8], file: String) throws {
    let zeros = bytes.prefix(4).map { $0 == 0 }
    let isUnmarked = zeros == [false, true, false, true] || zeros == [true, false, true, false]
    let first = isUnmarked ? Self.others[0].start : bytes
    for (start, name, remedy) in Self.others where first.starts(with: start) {
      throw ProblemError(file: file, path: "", found: name, allowed: "a text in UTF-8; \(remedy)")
    }
    self.bytes = bytes.dropFirst(bytes.starts(with: Self.mark) ? Self.mark.count : 0)
    var line = 1
    var rest = self.bytes
    while !rest.isEmpty {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      if let fault = Self.fault(in: rest[..<end]) {
        let byte = rest[rest.startIndex + fault]
        throw ProblemError(
          file: file, line: line, path: "",
          found: "the byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16)), "
            + "number \(fault + 1) of its line, "
            + (byte == 0 ? "as in UTF-16 or in files that are no text" : "which is not UTF-8"),
          allowed: "a text in UTF-8; convert it, as by iconv -f LATIN1 -t UTF-8, or write it with "
            + "encoding=\"utf-8\"")
      }
      rest = rest[min(end + 1, rest.endIndex)...]
      line += 1
    }
  }

  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  /// How files begin that are something else, what they are, and what to do.
  private static let others: [(start: [UInt8], name: String, remedy: String)] = {
    let convert = "convert it, as by iconv -f UTF-16 -t UTF-8, or write it with encoding=\"utf-8\""
    return [
      ([0xFF, 0xFE], "a text in UTF-16", convert), ([0xFE, 0xFF], "a text in UTF-16", convert),
      ([0x1F, 0x8B], "a file compressed by gzip", "unpack it by gunzip"),
      ([0x50, 0x4B, 0x03, 0x04], "a zip archive or a spreadsheet", "unpack it, or save it as CSV"),
    ]
  }()

  /// Where a line stops to be UTF-8 without NUL, from 0; nil if it does not.
  private static func fault(in line: ArraySlice<UInt8>) -> Int? {
    if line.allSatisfy({ $0 != 0 && $0 < 0x80 }) { return nil }
    var decoder = Unicode.UTF8.ForwardParser()
    var iterator = line.makeIterator()
    var position = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar):
        guard scalar.first != 0 else { return position }
        position += scalar.count
      case .emptyInput: return nil
      case .error: return position
      }
    }
  }
}
