internal import Observables
public import RunStorage

/// One cell of a table.
public enum CSVCell: Sendable, Equatable {
  /// A text, which is quoted if it must be.
  case text(String)
  /// A whole number.
  case whole(Int)
  /// A finite number with the fewest digits that read back as the same Double; `nil` is an empty
  /// cell.
  case number(Double?)
  /// A number that may be infinite, written `inf`; `nil` is an empty cell.
  case limit(Double?)
  /// A finite number with twelve digits, see `Number.csv`; `nil` is an empty cell.
  case rounded(Double?)
}

extension CSVCell {
  /// The number in it.
  fileprivate var value: Double? {
    switch self {
    case .text, .whole: nil
    case .number(let number), .limit(let number), .rounded(let number): number
    }
  }

  /// Whether it should hold a number and does not.
  fileprivate var isNoNumber: Bool {
    guard let value else { return false }
    if case .limit = self { return value.isNaN }
    return !value.isFinite
  }
}

/// Writes comma-separated tables (RFC 4180): a header, then rows of as many cells.
public enum CSVWriter {
  /// Writes a table to a file; it stops if a row is longer or shorter than the header.
  ///
  /// Throws `SolverError.notFinite` instead of writing a number that is none.
  public static func write(
    _ header: [String], _ rows: some Sequence<[CSVCell]>, to writer: inout ByteWriter
  ) throws {
    var bytes: [UInt8] = []
    append(header.map(CSVCell.text), to: &bytes)
    for row in rows {
      precondition(row.count == header.count, "\(row.count) cells under \(header)")
      if let index = row.firstIndex(where: \.isNoNumber) {
        throw notFinite(row, index, header)
      }
      try writer.write(bytes)
      bytes.removeAll(keepingCapacity: true)
      append(row, to: &bytes)
    }
    try writer.write(bytes)
  }

  /// The beginning of a line that others complete: cells, each with a comma behind it.
  static func beginning(_ cells: [CSVCell]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(cells, to: &bytes)
    bytes[bytes.count - 1] = UInt8(ascii: ",")
    return bytes
  }

  /// A table as a text, without the last line end.
  static func text(_ header: [String], _ rows: [[CSVCell]]) -> String {
    var bytes: [UInt8] = []
    for row in [header.map(CSVCell.text)] + rows { append(row, to: &bytes) }
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// The error about a cell: the row is named by its texts, such as an observable, and its step.
  private static func notFinite(
    _ row: [CSVCell], _ index: Int, _ header: [String]
  ) -> SolverError {
    let words = row.compactMap { cell in
      if case .text(let text) = cell, !text.isEmpty { text } else { nil }
    }
    let step = header.firstIndex(of: "step").flatMap { column in
      if case .whole(let step) = row[column] { step } else { nil }
    }
    return .notFinite(
      quantity: (words + [header[index]]).joined(separator: " "), step: step,
      value: row[index].value ?? .nan)
  }

  private static func append(_ cells: [CSVCell], to bytes: inout [UInt8]) {
    for cell in cells {
      switch cell {
      case .text(let text): bytes.append(contentsOf: quoted(text).utf8)
      case .whole(let number): bytes.append(contentsOf: number.description.utf8)
      case .number(let number): bytes.append(contentsOf: number.map(ByteWriter.bytes) ?? "".utf8)
      case .limit(let number): bytes.append(contentsOf: number.map(ByteWriter.bytes) ?? "".utf8)
      case .rounded(let number): bytes.append(contentsOf: number.map(Number.csv)?.utf8 ?? "".utf8)
      }
      bytes.append(UInt8(ascii: ","))
    }
    bytes[bytes.count - 1] = UInt8(ascii: "\n")
  }

  private static func quoted(_ text: String) -> String {
    let isSpecial = text.utf8.contains { byte in
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: "\r"), UInt8(ascii: "\n"): true
      default: false
      }
    }
    return isSpecial ? inQuotes(text) : text
  }

  /// A text in quotes, with its own doubled, also those that carry an accent.
  static func inQuotes(_ text: String) -> String {
    var cell = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { cell.unicodeScalars.append(scalar) }
      cell.unicodeScalars.append(scalar)
    }
    return cell + "\""
  }
}
