internal import Foundation
internal import Observables

/// Columns of text, padded to their widest entry.
struct TextTable {
  private var rows: [[String]]

  init(_ header: [String]) { rows = [header] }

  mutating func append(_ row: [String]) { rows.append(row) }

  /// The lines, without trailing blanks.
  var text: String {
    let widths = rows.reduce(into: [Int](repeating: 0, count: rows[0].count)) { widths, row in
      for (i, cell) in row.enumerated() { widths[i] = max(widths[i], cell.count) }
    }
    return rows.map { row in
      var line = ""
      for (cell, width) in zip(row, widths) {
        line += cell + String(repeating: " ", count: width - cell.count + 2)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

extension Estimate {
  /// Value and error with two digits of the error, such as `0.1234 ± 0.0012`; exact values with
  /// six.
  var text: String {
    guard value.isFinite, standardError.isFinite, standardError > 1e-9 * abs(value) else {
      return String(format: "%.6g", value)
    }
    let digits = min(max(1 - Int(log10(standardError).rounded(.down)), 0), 12)
    return String(format: "%.\(digits)f ± %.\(digits)f", value, standardError)
  }
}
