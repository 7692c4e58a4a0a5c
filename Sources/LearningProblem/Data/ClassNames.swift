/// The classes of a table, and to which of them each row belongs.
struct ClassNames {
  /// The classes as messages and files name them; of two, the first has the label +1.
  let classes: [String]
  /// The class of each row, from 0; nil for rows of other classes.
  let members: [Int?]

  /// Takes the labels `wanted`, by default all there are: two in descending order, more in
  /// ascending order, numbers before words. Throws `ProblemError`.
  init(_ table: CSVTable, wanted: [String]?) throws {
    var forms: [String: String] = [:]
    for label in table.labels where forms[label] == nil { forms[label] = Self.canonical(label) }
    let labels = table.labels.map { forms[$0] ?? $0 }
    var counts: [String: Int] = [:]
    for label in labels { counts[label, default: 0] += 1 }
    let found = counts.keys.map { (name: $0, number: CSVEntry($0).decimal) }.sorted { a, b in
      switch (a.number, b.number) {
      case (let x?, let y?) where x != y: x < y
      case (_?, _?): a.name < b.name  // whole numbers beyond 2^53
      case (_?, nil): true
      case (nil, _?): false
      case (nil, nil): a.name < b.name
      }
    }.map(\.name)
    var classes = wanted?.map(Self.canonical) ?? found
    if wanted == nil, classes.count == 2 { classes.reverse() }
    let few = classes.filter { (counts[$0] ?? 0) < 2 }
    guard (2...16).contains(classes.count), Set(classes).count == classes.count, few.isEmpty else {
      func list(_ names: [String], limit: Int, _ text: (String) -> String) -> String {
        names.prefix(limit).map(text).joined(separator: ", ") + (names.count > limit ? ", ..." : "")
      }
      let count = classes.count == 1 ? "1 label: " : "\(classes.count) labels: "
      throw ProblemError(
        file: table.file, path: "classes",
        found: wanted == nil || few.isEmpty
          ? count + list(classes, limit: 8) { $0.shown(limit: 40) }
          : list(few, limit: 8) { $0.shown(limit: 40) },
        allowed: "2 to 16 different labels of at least 2 rows each, of "
          + list(found, limit: 20) { "\($0.shown(limit: 40)) (\(counts[$0] ?? 0) rows)" }
          + "; label names the column, classes those to learn")
    }
    let index = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    self.classes = classes
    members = labels.map { index[$0] }
  }

  /// Numbers in one form, so that 1 and 1.0 are one label; words and what is no decimal number, as
  /// they are.
  private static func canonical(_ label: String) -> String {
    let entry = CSVEntry(label)
    if let whole = entry.whole { return "\(whole)" }
    return entry.decimal.map { "\($0)" } ?? label
  }
}
