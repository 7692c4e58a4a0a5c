internal import Foundation

/// One entry of a table of numbers: what it is, or what is wrong with it.
struct CSVEntry {
  /// The largest size of a number: squares and their sums stay finite.
  static let largest = 1e50

  /// As it stands in the file, without blanks around it.
  let text: String

  init(_ text: String) { self.text = text }

  /// The number; nil if it is none, or of a size that is not allowed.
  var number: Double? {
    guard let number = decimal, abs(number) <= Self.largest else { return nil }
    return number
  }

  /// The number of any size; zeros may stand in front of it.
  var decimal: Double? { Magnitude.number(text) ?? Magnitude.number(withoutZeros) }

  /// The whole number that it is exactly, if it is one.
  var whole: Int? { Magnitude.whole(text) ?? Magnitude.whole(withoutZeros) }

  /// Whether it may be the name of a column: neither a number, however damaged, nor missing.
  var isWord: Bool {
    guard !text.isEmpty, !isMissing, Double(text) == nil else { return false }
    return !text.contains(where: \.isNumber)
      || !text.allSatisfy { $0.isNumber || "+-.,;:'_ \u{a0}eE".contains($0) }
  }

  /// Whether it stands for a number that is missing or infinite.
  var isMissing: Bool {
    isNoNumber || ["na", "n/a", "null", "none", "?", "-", ""].contains(text.lowercased())
  }

  /// Whether it is one of the words that programs write for results that are no numbers.
  var isNoNumber: Bool {
    ["nan", "inf", "infinity"].contains(text.lowercased().drop { $0 == "+" || $0 == "-" })
  }

  /// What messages call it.
  var found: String { text.isEmpty ? "an empty field" : "'\(text.shown(limit: 80))'" }

  /// What is wrong and what to do; nil if it is just no number.
  var remedy: String? {
    let digits = text.drop { $0 == "+" || $0 == "-" }
    if isMissing { return "leave out rows with missing or infinite entries" }
    if digits.lowercased().hasPrefix("0x") { return "not hexadecimal" }
    if text.contains(";") { return CSVSeparator.semicolon.remedy }
    if text.contains("\t") { return CSVSeparator.tab.remedy }
    guard digits.contains(where: \.isNumber), !isWord else { return nil }
    if text.contains(",") {
      return "a point for the decimals and nothing between thousands, not a comma"
    }
    if text.contains(where: { " _'\u{a0}".contains($0) }) {
      return "nothing between thousands"
    }
    if Double(text) != nil { return "for others use other units" }
    return nil
  }

  /// The text without zeros in front of its digits, which files of fixed width have.
  private var withoutZeros: String {
    let sign = text.prefix { $0 == "+" || $0 == "-" }
    let digits = text.dropFirst(sign.count)
    let rest = digits.drop { $0 == "0" }
    guard rest.count < digits.count else { return text }
    return sign + (rest.first?.isNumber ?? false ? "" : "0") + rest
  }
}

/// What separates the fields of tables that are not comma-separated.
enum CSVSeparator: Character, CaseIterable {
  case semicolon = ";"
  case tab = "\t"
  case bar = "|"
  case blank = " "

  /// The separator of lines whose first has no commas, if they look as if they had one: it stands
  /// in all of them equally often.
  init?(of lines: [Substring]) {
    let found = Self.allCases.first { separator in
      let counts = lines.map { line in line.count { $0 == separator.rawValue } }
      return counts.first ?? 0 > 0 && counts.allSatisfy { $0 == counts[0] }
    }
    guard let found else { return nil }
    self = found
  }

  var name: String {
    switch self {
    case .semicolon: "semicolons"
    case .tab: "tabs"
    case .bar: "bars"
    case .blank: "blanks"
    }
  }

  /// What to do.
  var remedy: String {
    let separator =
      switch self {
      case .semicolon: "\";\""
      case .tab: "\"\\t\""
      case .bar: "\"|\""
      case .blank: "\"\\s+\""
      }
    return "commas between fields and points in numbers, not \(name); convert it, in pandas by "
      + "read_csv(FILE, sep=\(separator)) (with decimal=\",\" if numbers have commas) and "
      + "to_csv(FILE, index=False)"
  }
}
