internal import Foundation
internal import LearningProblem
internal import RunStorage

/// The curves of a run as they stand in its `curves.csv`.
struct RecordedCurves {
  /// A line of the file.
  struct Point {
    let step: Int
    let time: Double
    let value: Double
  }

  /// The file, for messages.
  let path: String
  private var names: [String] = []
  private var points: [String: [Point]] = [:]

  /// Reads a `curves.csv`.
  ///
  /// Throws `OutputError` if there is no such file, and `ProblemError` with the line if it is not a
  /// `curves.csv` whose steps ascend.
  init(path: String) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OutputError(
        "\(path) cannot be read: not the folder of a run; use one that `dmft solve` has written")
    }
    let bytes = try PlainText(Array(data), file: path).bytes
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
    }
    let header = CurvesCSV.header.joined(separator: ",")
    guard let first = lines.first, first == header else {
      throw ProblemError(
        file: path, line: 1, path: "", found: "'\((lines.first ?? "").shown(limit: 80))'",
        allowed: "\(header), as `dmft solve` and `dmft train` write it")
    }
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5, let step = Magnitude.whole(fields[0]),
        let time = Magnitude.number(fields[1]), let value = Magnitude.number(fields[3]),
        step > points[fields[2]]?.last?.step ?? -1
      else {
        throw ProblemError(
          file: path, line: index + 1, path: "", found: "'\(line.shown(limit: 80))'",
          allowed: "\(header), with ascending steps and finite values")
      }
      if points[fields[2]] == nil { names.append(fields[2]) }
      points[fields[2], default: []].append(Point(step: step, time: time, value: value))
    }
  }

  /// The curve of an observable; nil if it was not recorded.
  subscript(observable: String) -> [Point]? { points[observable] }

  /// The curve of an observable that must be there; throws `ProblemError`.
  func curve(_ observable: String) throws -> [Point] {
    guard let curve = points[observable] else {
      throw ProblemError(
        file: path, path: observable,
        found: names.isEmpty ? "a header without rows" : names.joined(separator: ", "),
        allowed: "a run that recorded \(observable)")
    }
    return curve
  }
}
