internal import Foundation

/// Numbers with a label in each row, read from a comma-separated text (RFC 4180).
///
/// Fields may be quoted. The first line names the columns if one of its fields, other than the
/// label, is no number; so a header must not consist of numbers alone. Every entry but the label
/// must be a finite number: nothing is guessed for missing ones. docs/decisions/csv-reading.md says
/// why this is no package.
public struct CSVTable: Sendable {
  /// The file.
  public let file: String
  /// Names of the columns of `values`; `column 3` where there is no header, counted from 1.
  public let columns: [String]
  /// The numbers, row by row.
  public let values: [Double]
  /// The label of each row, as it stands.
  public let labels: [String]

  /// Reads a file; `label` is the name of a column or its number from 1, by default the last.
  ///
  /// Throws `ProblemError` with file, line, column and value.
  public init(path: String, label: String? = nil) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ProblemError(
        file: path, path: "", found: "no such file, or one that cannot be read",
        allowed: "a CSV file")
    }
    try self.init(bytes: Array(data), name: path, label: label)
  }

  /// Reads a text; `name` stands for the file in messages.
  public init(text: String, name: String = "data.csv", label: String? = nil) throws {
    try self.init(bytes: Array(text.utf8), name: name, label: label)
  }

  /// Rows that are in memory already, one behind the other in `values`.
  public init(columns: [String], values: [Double], labels: [String], name: String = "data") {
    precondition(
      values.count == columns.count * labels.count && !labels.isEmpty && !columns.isEmpty,
      "\(values.count) values for \(labels.count) rows of \(columns.count)")
    file = name
    self.columns = columns
    self.values = values
    self.labels = labels
  }

  private init(bytes: [UInt8], name: String, label: String?) throws {
    var records = CSVRecords(bytes, file: name)
    guard let first = try records.next(), first.fields.count >= 2 else {
      throw ProblemError(
        file: name, line: 1, path: "", found: bytes.isEmpty ? "an empty file" : "a single column",
        allowed: "lines of numbers and a label, separated by commas")
    }
    let width = first.fields.count
    let position = try Self.position(of: label, among: first.fields, file: name)
    let isHeader = first.fields.indices.contains {
      $0 != position && Double(first.fields[$0]) == nil && !first.fields[$0].isEmpty
    }
    let names = first.fields.indices.map { isHeader ? first.fields[$0] : "column \($0 + 1)" }
    let largest = 1e50  // squares and their sums stay finite
    var values: [Double] = []
    var labels: [String] = []
    var record = isHeader ? try records.next() : first
    while let (line, fields) = record {
      guard fields.count == width else {
        throw ProblemError(
          file: name, line: line, path: "", found: "\(fields.count) fields",
          allowed: "\(width), as in the first line")
      }
      for (index, field) in fields.enumerated() where index != position {
        guard let number = Double(field), abs(number) <= largest else {
          throw ProblemError(
            file: name, line: line, path: names[index],
            found: field.isEmpty ? "an empty field" : "'\(field.prefix(40))'",
            allowed: "a finite number, at most 1e50 in size (the label is \(names[position]))")
        }
        values.append(number)
      }
      guard !fields[position].isEmpty else {
        throw ProblemError(
          file: name, line: line, path: names[position], found: "an empty field",
          allowed: "a label")
      }
      labels.append(fields[position])
      record = try records.next()
    }
    guard !labels.isEmpty else {
      throw ProblemError(
        file: name, line: 1, path: "", found: "a header without rows", allowed: "rows of numbers")
    }
    file = name
    columns = names.indices.filter { $0 != position }.map { names[$0] }
    self.values = values
    self.labels = labels
  }

  private static func position(
    of label: String?, among fields: [String], file: String
  ) throws -> Int {
    guard let label else { return fields.count - 1 }
    if let index = fields.firstIndex(of: label), Double(label) == nil { return index }
    if let number = Int(label), (1...fields.count).contains(number) { return number - 1 }
    throw ProblemError(
      file: file, line: 1, path: "label", found: label,
      allowed: "the name of a column, or a number from 1 to \(fields.count)")
  }
}

/// The records of a text, one after the other, with the line on which each begins.
private struct CSVRecords {
  private static let (quote, comma, newline, carriage) = (
    UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")
  )
  private let bytes: [UInt8]
  private let file: String
  private var index: Int
  private var line = 1

  init(_ bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0  // byte order mark
  }

  /// The next record that is not an empty line; fields without blanks around them.
  mutating func next() throws -> (line: Int, fields: [String])? {
    while index < bytes.count {
      let start = line
      let fields = try record(from: start)
      if fields != [""] { return (start, fields) }
    }
    return nil
  }

  private mutating func record(from start: Int) throws -> [String] {
    var fields: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    func text() -> String {
      String(decoding: field, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == Self.newline { line += 1 }
      if isQuoted {
        guard byte == Self.quote else {
          field.append(byte)
          continue
        }
        if index < bytes.count, bytes[index] == Self.quote {
          field.append(byte)
          index += 1
        } else {
          isQuoted = false
        }
        continue
      }
      switch byte {
      case Self.quote: isQuoted = true
      case Self.comma:
        fields.append(text())
        field = []
      case Self.newline: return fields + [text()]
      case Self.carriage: break
      default: field.append(byte)
      }
    }
    guard !isQuoted else {
      throw ProblemError(
        file: file, line: start, path: "", found: "a quote that never ends",
        allowed: "quotes in pairs")
    }
    return fields + [text()]
  }
}
