/// The first line of a table, which may name its columns, and how rows are read below it.
struct CSVHeader {
  private let fields: [String]
  private let line: Int
  private let file: String
  /// The column of the label.
  private let position: Int
  /// Whether a field is a word, so that the line is no row of numbers.
  private let isOfWords: Bool
  /// What messages call the columns.
  private let names: [String]

  /// - Parameter label: the name of a column or its number from 1, by default the last.
  init(_ fields: [String], line: Int, label: String?, file: String) throws {
    self.fields = fields
    self.line = line
    self.file = file
    let position = try Self.position(of: label, among: fields, line: line, file: file)
    self.position = position
    let isOfWords = fields.indices.contains { $0 != position && CSVEntry(fields[$0]).isWord }
    self.isOfWords = isOfWords
    names = fields.indices.map {
      isOfWords && !fields[$0].isEmpty ? fields[$0] : "column \($0 + 1)"
    }
    guard !isOfWords, !fields[0].isEmpty else { return }
    var numbers: [Double] = []
    _ = try read(fields, line: line, into: &numbers)
  }

  /// Whether it names the columns of rows with these labels, all below it.
  ///
  /// A line of numbers does, if its label is the only one that stands there once, and either is no
  /// number above numbers, a number above words, or stands behind 0, 1, 2, ... (from any number):
  /// so pandas names columns that have no names. As a row it would be refused, since a class
  /// has two rows at least.
  func isHeader(above labels: [String]) -> Bool {
    guard !isOfWords else { return true }
    var counts: [String: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    guard counts[fields[position]] == nil, counts.count > 1, counts.values.allSatisfy({ $0 > 1 })
    else { return false }
    let isNumber = CSVEntry(fields[position]).decimal != nil
    if counts.keys.allSatisfy({ (CSVEntry($0).decimal != nil) != isNumber }) { return true }
    let inputs = fields.indices.filter { $0 != position && !($0 == 0 && fields[0].isEmpty) }
    return Self.count(inputs.map { fields[$0] })
  }

  /// Whether fields count, from any whole number.
  private static func count(_ fields: [String]) -> Bool {
    let numbers = fields.compactMap { CSVEntry($0).whole }
    return numbers.count > 1 && numbers.count == fields.count
      && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < Int.max && $0 + 1 == $1 }
  }

  /// The names of the columns of numbers.
  func columns(isNamed: Bool) -> [String] {
    fields.indices.filter { $0 != position }.map {
      isNamed && !fields[$0].isEmpty ? fields[$0] : "column \($0 + 1)"
    }
  }

  /// Reads a row: appends its numbers, and returns its label.
  func read(_ row: [String], line: Int, into values: inout [Double]) throws -> String {
    func error(_ index: Int, _ found: String, _ allowed: String) -> ProblemError {
      ProblemError(
        file: file, line: line, path: names[index].shown(limit: 40), found: found,
        allowed: allowed)
    }
    guard row.count == fields.count else {
      throw ProblemError(
        file: file, line: line, path: "", found: "\(row.count) fields",
        allowed: "\(fields.count), as in the first line; fields that hold commas need quotes")
    }
    for (index, text) in row.enumerated() where index != position {
      let entry = CSVEntry(text)
      guard let number = entry.number else {
        throw error(
          index, entry.found,
          "a finite number, at most 1e50 in size" + (entry.remedy.map { "; \($0)" } ?? "")
            + " (the label is \(names[position].shown(limit: 40)))")
      }
      values.append(number)
    }
    let label = CSVEntry(row[position])
    guard !label.text.isEmpty else { throw error(position, label.found, "a label") }
    guard !label.isNoNumber else {
      throw error(
        position, label.found,
        "a label; programs write nan or inf for one that is missing: leave out such rows, or name "
          + "the class otherwise")
    }
    return label.text
  }

  /// Refuses a first column that numbers the rows, unless it has a name.
  func refuseIndex(_ values: [Double], rows: Int, isNamed: Bool) throws {
    guard position != 0, !isNamed || fields[0].isEmpty || fields[0].hasPrefix("Unnamed:") else {
      return
    }
    let width = fields.count - 1
    let column = (0..<rows).map { values[$0 * width] }
    guard column.allSatisfy({ (0...1e15).contains($0) && $0 == $0.rounded() }) else { return }
    let numbersRows =
      isNamed
      ? Set(column).count == rows
      : rows > 3 && column[0] <= 1 && zip(column, column.dropFirst()).allSatisfy { $0 + 1 == $1 }
    guard numbersRows else { return }
    throw ProblemError(
      file: file, line: line, path: "column 1",
      found: "a column without a name that numbers the rows ("
        + column.prefix(3).map { "\(Int($0))" }.joined(separator: ", ") + ", ...)",
      allowed: "inputs and a label; save without the index (pandas: to_csv(FILE, index=False)), or "
        + "name the column")
  }

  private static func position(
    of label: String?, among fields: [String], line: Int, file: String
  ) throws -> Int {
    func error(_ found: String, _ allowed: String) -> ProblemError {
      ProblemError(file: file, line: line, path: "label", found: found, allowed: allowed)
    }
    guard let label else { return fields.count - 1 }
    if let index = fields.firstIndex(of: label), CSVEntry(label).decimal == nil {
      guard fields.lastIndex(of: label) == index else {
        throw error("'\(label)', the name of several columns", "the number of one of them, from 1")
      }
      return index
    }
    if let number = Magnitude.whole(label), (1...fields.count).contains(number) {
      let named = fields.firstIndex(of: label)
      guard named ?? number - 1 == number - 1 || !count(fields.filter { !$0.isEmpty }) else {
        throw error(
          "\(label), the number of one column and the name of another",
          "a column with a name that is no number; rename the columns")
      }
      return number - 1
    }
    throw error(
      label.isEmpty ? "an empty text" : label,
      "the name of a column, or a number from 1 to \(fields.count)")
  }
}
