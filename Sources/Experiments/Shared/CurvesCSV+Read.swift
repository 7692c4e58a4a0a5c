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
      throw OutputError("\(path) cannot be read: not the folder of a run")
    }
    let lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    let header = header.joined(separator: ",")
    guard lines[0] == header else {
      throw ProblemError(
        file: path, line: 1, path: "", found: "'\(lines[0].prefix(80))'", allowed: header)
    }
    var points: [(step: Int, value: Double)] = []
    var names: [String] = []
    for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard fields.count == 5, let step = Int(fields[0]), let value = Double(fields[3]),
        value.isFinite, fields[2] != observable || step > points.last?.step ?? -1
      else {
        throw ProblemError(
          file: path, line: index + 1, path: "", found: "'\(line.prefix(80))'",
          allowed: "\(header), with ascending steps and finite values")
      }
      if fields[2] == observable { points.append((step, value)) }
      if names.last != fields[2] { names.append(fields[2]) }
    }
    guard !points.isEmpty else {
      throw ProblemError(
        file: path, path: observable, found: names.joined(separator: ", "),
        allowed: "a run that recorded \(observable)")
    }
    return points
  }
}
