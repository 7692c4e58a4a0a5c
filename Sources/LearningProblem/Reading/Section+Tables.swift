internal import Yams

extension Section {
  /// A list of rows, at least one, all of one length >= 1; a list may stand for a single row where
  /// the form says so.
  public func rows(_ parameter: Parameter) throws -> [[Double]] {
    guard let node = try value(parameter) else { throw missing(parameter) }
    var rows = node.sequence?.map { row in row.sequence ?? [] } ?? []
    if case .listOrRows = parameter.form, let list = node.sequence, list.first?.sequence == nil {
      rows = [list]
    }
    guard let width = rows.first?.count, width >= 1, rows.allSatisfy({ $0.count == width }),
      rows.joined().allSatisfy({ Self.number($0) != nil })
    else {
      throw refused(parameter, node)
    }
    return try rows.map { row in try row.map { try number($0, in: .finite, parameter) } }
  }

  /// A rows x columns matrix: a number for every entry, or a list of rows.
  public func matrix(
    _ parameter: Parameter, rows: Int, columns: Int,
    meaning: String = "hidden units by signal directions"
  ) throws -> [[Double]] {
    guard let node = try value(parameter) else { throw missing(parameter) }
    if Self.number(node) != nil {
      let number = try number(node, in: .finite, parameter)
      return Array(repeating: Array(repeating: number, count: columns), count: rows)
    }
    let matrix = node.sequence?.map { row in row.sequence ?? [] } ?? []
    guard matrix.count == rows, matrix.allSatisfy({ $0.count == columns }),
      matrix.joined().allSatisfy({ Self.number($0) != nil })
    else {
      throw problem(
        parameter.name, found: Self.text(node),
        allowed: "a number, or \(rows) rows of \(columns) numbers: \(meaning)")
    }
    return try matrix.map { row in try row.map { try number($0, in: .finite, parameter) } }
  }
}
