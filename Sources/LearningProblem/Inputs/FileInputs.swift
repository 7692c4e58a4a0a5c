/// Groups from a table, as `dmft fit` writes it: a row for each group. `[inputs.model]`
public struct FileInputs: InputModel {
  public static let kind = "file"
  public static let summary = "groups from a CSV file with columns share, variance, signal"
  public static let parameters = [pathKey, basisKey]
  static let pathKey = Parameter(
    "path", .text,
    "the file, beside the problem file or in the working directory: columns share, variance (or "
      + "variance_1, variance_2 ... of each cluster), then signal, or one for each direction, or "
      + "for each product 11, 12 ... 22 ...; columns before the last whose names end in _error "
      + "are left out")

  private let model: GroupedInputs

  public init(from section: Section) throws {
    let path = try section.located(Self.pathKey)
    let table = try CSVTable(path: path)
    func refused(_ found: String) -> ProblemError {
      section.problem(
        Self.pathKey.name, found: "\(found) in \(path)",
        allowed: "columns share, variance (or variance_1, variance_2 ... of each cluster) and "
          + "signal (one or more), all numbers")
    }
    // The last column is what a table of samples has its labels in.
    let read = table.columns.indices.filter { !table.columns[$0].hasSuffix("_error") }
    let names = read.map { table.columns[$0] }
    let clusters = names.dropFirst().prefix { $0.hasPrefix("variance_") }.count
    let expected = clusters == 0 ? ["variance"] : (1...clusters).map { "variance_\($0)" }
    guard names.starts(with: ["share"] + expected) else {
      throw refused("columns \(table.columns)")
    }
    var rows = [[Double]]()
    for row in table.labels.indices {
      guard let last = Magnitude.number(table.labels[row]) else {
        throw refused("\(table.labels[row]) in the last column")
      }
      let width = table.columns.count
      rows.append(Array(table.values[row * width..<(row + 1) * width]) + [last])
    }
    let columns = (read + [table.columns.count]).map { column in rows.map { $0[column] } }
    model = GroupedInputs(
      shares: columns[0], variances: Array(columns[1...expected.count]),
      signal: Array(columns[(expected.count + 1)...]),
      basis: try Self.basis(section))
  }

  public func groups(
    directions: Int, probabilities: [Double]
  ) throws(Mismatch) -> InputGroups? {
    try model.groups(directions: directions, probabilities: probabilities)
  }
}
