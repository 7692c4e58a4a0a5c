/// What is odd about the columns of a table: constant ones, which are no inputs, those that stand
/// there twice, and scales so different that few columns decide.
struct ColumnCheck {
  /// The columns that vary.
  let varying: [Int]
  /// What to know about the others and about these, one sentence each.
  let notes: [String]

  /// The largest ratio of deviations of two columns that gets no note.
  static let largestRatio = 1e6

  /// Looks at the rows `rows` of a table.
  init(_ table: CSVTable, rows: [Int]) {
    let width = table.columns.count
    func value(_ row: Int, _ column: Int) -> Double { table.values[row * width + column] }
    let varies = (0..<width).map { j in
      rows.contains { value($0, j) != value(rows[0], j) }
    }
    let varying = (0..<width).filter { varies[$0] }
    var notes: [String] = []
    func name(_ column: Int) -> String { table.columns[column].shown(limit: 40) }
    func note(_ count: Int, _ what: String, _ names: some Sequence<String>) {
      guard count > 0 else { return }
      notes.append(
        "\(count) \(what): " + names.prefix(8).joined(separator: ", ")
          + (count > 8 ? ", ..." : ""))
    }
    note(
      width - varying.count, "constant columns dropped",
      (0..<width).lazy.filter { !varies[$0] }.map(name))

    var seen: [Int: Int] = [:]  // the first column of each hash
    var copies: [(copy: Int, of: Int)] = []
    for j in varying {
      var hasher = Hasher()
      for row in rows { hasher.combine(value(row, j)) }
      let key = hasher.finalize()
      if let first = seen[key] {
        if rows.allSatisfy({ value($0, first) == value($0, j) }) { copies.append((j, first)) }
      } else {
        seen[key] = j
      }
    }
    note(
      copies.count, "columns that repeat others, which then count twice; leave them out",
      copies.lazy.map { "\(name($0.copy)) is \(name($0.of))" })

    let deviations = varying.map { j in
      let mean = rows.reduce(0) { $0 + value($1, j) } / Double(rows.count)
      let squares = rows.reduce(0) { $0 + (value($1, j) - mean) * (value($1, j) - mean) }
      return (squares / Double(rows.count)).squareRoot()
    }
    if let least = deviations.indices.min(by: { deviations[$0] < deviations[$1] }),
      let most = deviations.indices.max(by: { deviations[$0] < deviations[$1] }),
      deviations[most] > Self.largestRatio * deviations[least]
    {
      notes.append(
        "scales differ by more than a factor of 1e6, from \(name(varying[least])) to "
          + "\(name(varying[most])): columns of large numbers decide alone; whiten, or divide "
          + "columns by their deviations")
    }
    self.varying = varying
    self.notes = notes
  }
}
