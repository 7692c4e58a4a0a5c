internal import Foundation
internal import LearningProblem
internal import RunStorage

extension CurvesCSV {
  /// One observable of a `curves.csv`: its steps, ascending, and values.
  ///
  /// Throws `OutputError` if there is no such file, and `ProblemError` with the line if it is not a
  /// `curves.csv`, or does not hold the observable.
  public static func read(
    _ path: String, observable: String
  ) throws -> [(step: Int, value: Double)] {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw OutputError(
        "\(path) cannot be read: not the folder of a run; use one that `dmft solve` has written")
    }
    let bytes = try PlainText(Array(data), file: path).bytes
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0, as: UTF8.self)
    }
    let header = header.joined(separator: ",")
    guard let first = lines.first, first == header else {
      throw ProblemError(
        file: path, line: 1, path: "", found: "'\((lines.first ?? "").shown(limit: 80))'",
        allowed: "\(header), as `dmft solve` and `dmft train` write it")
    }
    var points: [(step: Int, value: Double)] = []
    var names: [String] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == 5, let step = Magnitude.whole(fields[0]),
        let value = Magnitude.number(fields[3]),
        fields[2] != observable || step > points.last?.step ?? -1
      else {
        throw ProblemError(
          file: path, line: index + 1, path: "", found: "'\(line.shown(limit: 80))'",
          allowed: "\(header), with ascending steps and finite values")
      }
      if fields[2] == observable { points.append((step, value)) }
      if names.last.map({ $0 != fields[2] }) ?? true { names.append(String(fields[2])) }
    }
    guard !points.isEmpty else {
      throw ProblemError(
        file: path, path: observable,
        found: names.isEmpty ? "a header without rows" : names.joined(separator: ", "),
        allowed: "a run that recorded \(observable)")
    }
    return points
  }
}
