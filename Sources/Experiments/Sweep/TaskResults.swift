internal import Foundation
internal import NumericalKit

/// What the folder of a finished task holds, as text: its curves, what they end with, and how long
/// it took.
struct TaskResults {
  /// One observable of one table of curves.
  struct Curve {
    /// The observable, behind the folder of its table: `training/test_error`.
    let name: String
    /// Its last row: value and standard error.
    let last: (value: String, standardError: String)
    /// The lines of its rows.
    let lines: ArraySlice<UInt8>
    /// The folder of its table in that of the task; empty for the task's own.
    let source: String
  }

  /// All curves, in the order of the tables.
  let curves: [Curve]
  /// Other results: names and numbers of `static.csv`, and of the record of a steady state.
  let others: [(name: String, value: String)]
  /// 0, or 1 if theory and training disagree.
  let exitCode: Int
  /// How long it took, in seconds, as its record says.
  let wallTime: String

  /// Reads the folder at `path`; throws an `OutputError` for what is no run.
  init(_ path: String) throws {
    let record = String(decoding: try Self.bytes("\(path)/run.yaml"), as: UTF8.self)
    let lines = record.split(separator: "\n").prefix { $0 != "problem:" }
    let files = lines.compactMap { line in
      line.hasPrefix("  - ") ? String(quoted: line.dropFirst(4)) : nil
    }
    let inside = lines.drop { $0 != "diagnostics:" }.dropFirst().prefix { $0.hasPrefix("  ") }
    let diagnostics = inside.compactMap { line -> (name: String, value: String)? in
      let sides = line.dropFirst(2).split(separator: ":", maxSplits: 1)
      guard sides.count == 2 else { return nil }
      return (String(sides[0]), sides[1].trimmingCharacters(in: .whitespaces))
    }
    wallTime =
      lines.first { $0.hasPrefix("wall_time_seconds: ") }.map { String($0.dropFirst(19)) } ?? ""
    exitCode = diagnostics.contains { $0 == ("agree", "false") } ? 1 : 0
    curves = try files.filter { $0 == "curves.csv" || $0.hasSuffix("/curves.csv") }.flatMap {
      try Self.curves(
        try Self.bytes("\(path)/\($0)"), source: String($0.dropLast("/curves.csv".count)),
        file: "\(path)/\($0)")
    }
    if files.contains("static.csv") {
      let rows = String(decoding: try Self.bytes("\(path)/static.csv"), as: UTF8.self)
        .split(separator: "\n").prefix(2)
        .map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
      others = zip(rows.first ?? [], rows.last ?? []).map { ($0, $1) }
    } else if files.contains("spectra.csv") {
      others = diagnostics.filter { Double($0.value) != nil }
    } else {
      others = []
    }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UnreadableFile(path)
    }
    return Array(data)
  }

  /// The curves of a table, which follow one another.
  private static func curves(_ bytes: [UInt8], source: String, file: String) throws -> [Curve] {
    let (comma, end) = (UInt8(ascii: ","), UInt8(ascii: "\n"))
    guard let head = bytes.firstIndex(of: end),
      bytes[..<head].elementsEqual(CurvesCSV.header.joined(separator: ",").utf8)
    else { throw UnreadableFile(file) }
    var curves: [Curve] = []
    var first = head + 1
    var last: (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>, error: ArraySlice<UInt8>)?
    func close(at place: Int) {
      guard let last else { return }
      let name = String(decoding: last.name, as: UTF8.self)
      curves.append(
        Curve(
          name: source.isEmpty ? name : "\(source)/\(name)",
          last: (
            String(decoding: last.value, as: UTF8.self), String(decoding: last.error, as: UTF8.self)
          ), lines: bytes[first..<place], source: source))
    }
    var start = head + 1
    while start < bytes.count {
      var commas = (0, 0, 0, 0)
      var count = 0
      var place = start
      while place < bytes.count, bytes[place] != end {
        if bytes[place] == comma {
          count += 1
          switch count {
          case 1: commas.0 = place
          case 2: commas.1 = place
          case 3: commas.2 = place
          default: commas.3 = place
          }
        }
        place += 1
      }
      guard count == 4, place < bytes.count else { throw UnreadableFile(file) }
      let name = bytes[(commas.1 + 1)..<commas.2]
      if let before = last?.name, before != name {
        close(at: start)
        first = start
      }
      last = (name, bytes[(commas.2 + 1)..<commas.3], bytes[(commas.3 + 1)..<place])
      start = place + 1
    }
    close(at: bytes.count)
    return curves
  }
}

/// A file of a run that is not as the program has written it.
struct UnreadableFile: Error, CustomStringConvertible {
  let description: String

  init(_ path: String) {
    description =
      "\(path) is not as dmft has written it; remove the folder of the task, and run it again"
  }
}

extension TaskResults.Curve {
  /// Times and values.
  var points: [Plot.Point] {
    lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let cells = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
      guard let time = Double(String(decoding: cells[1], as: UTF8.self)),
        let value = Double(String(decoding: cells[3], as: UTF8.self))
      else { return nil }
      return Plot.Point(time, value)
    }
  }
}
