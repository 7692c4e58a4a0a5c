internal import Foundation

/// Numbers with a label in each row, read from a comma-separated text (RFC 4180) in UTF-8.
///
/// Fields may be quoted. The first line names the columns if one of its fields, other than the
/// label, is no number, or if it is one of numbers above labels of another kind, as
/// `CSVHeader` says. Every entry but the label must be a finite decimal number: nothing is guessed
/// for missing ones. docs/decisions/csv-reading.md says why this is no package.
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

  /// Reads the bytes of a file; `name` stands for it in messages.
  public init(bytes: [UInt8], name: String = "data.csv", label: String? = nil) throws {
    var records = CSVRecords(try PlainText(bytes, file: name), file: name)
    guard let first = try records.next(), first.fields.count >= 2 else {
      throw Self.noTable(bytes, name)
    }
    let header = try CSVHeader(first.fields, line: first.line, label: label, file: name)
    var values: [Double] = []
    var labels: [String] = []
    while let (line, fields) = try records.next() {
      labels.append(try header.read(fields, line: line, into: &values))
    }
    let isNamed = header.isHeader(above: labels)
    if !isNamed {
      var own: [Double] = []
      labels.insert(try header.read(first.fields, line: first.line, into: &own), at: 0)
      values.insert(contentsOf: own, at: 0)
    }
    guard !labels.isEmpty else {
      throw ProblemError(
        file: name, line: first.line, path: "", found: "a header without rows",
        allowed: "rows of numbers")
    }
    try header.refuseIndex(values, rows: labels.count, isNamed: isNamed)
    file = name
    columns = header.columns(isNamed: isNamed)
    self.values = values
    self.labels = labels
  }

  /// Why there are not two columns.
  private static func noTable(_ bytes: [UInt8], _ file: String) -> ProblemError {
    let text = String(decoding: bytes.prefix(10_000), as: UTF8.self)
    let lines = Array(text.split(whereSeparator: \.isNewline).prefix(2))
    let separator = CSVSeparator(of: lines)
    let found =
      if lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
        "an empty file"
      } else if let separator {
        "\(separator.name) between fields"
          + (lines.contains { $0.contains(",") } ? ", and commas in numbers" : "")
      } else {
        "a single column"
      }
    return ProblemError(
      file: file, line: 1, path: "", found: found,
      allowed: "lines of numbers and a label, separated by commas"
        + (separator.map { ": \($0.remedy)" } ?? ""))
  }
}
