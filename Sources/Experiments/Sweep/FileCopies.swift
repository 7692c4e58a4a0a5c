internal import Foundation
internal import LearningProblem
internal import RunStorage

/// The files that the points of a sweep name, and their copies in its folder.
struct FileCopies {
  private static let folder = "inputs"

  /// Where each file is, and what it is called in the folder of the sweep.
  private(set) var files: [(from: String, to: String)] = []
  /// `--set` texts that name copies at every point.
  private(set) var settings: [String] = []
  /// The axes, with copies in the place of files.
  private(set) var axes: [ParameterAxis]

  /// Files by key, at each point; throws `UsageError` where they are neither the same everywhere
  /// nor those of an axis.
  init(_ points: [[String: String]], axes: [ParameterAxis]) throws {
    self.axes = axes
    for key in Set(points.flatMap(\.keys)).sorted() {
      if let index = axes.firstIndex(where: { $0.key == key }) {
        let texts = axes[index].texts.map { text in
          let path = points.lazy.compactMap { $0[key] }
            .first { $0 == text || $0.hasSuffix("/\(text)") }
          return path.map { copy(of: $0) } ?? text
        }
        self.axes[index] = ParameterAxis(
          key: key, texts: texts, isLogarithmic: axes[index].isLogarithmic)
        continue
      }
      let paths = Set(points.map { $0[key] })
      guard paths.count == 1, let path = paths.first ?? nil else {
        throw UsageError(
          "--vary", found: "values with which \(key) names different files, or none",
          allowed: "one file of \(key) for all points, or --vary \(key)=FILE,FILE")
      }
      settings.append("\(key)=\(copy(of: path))")
    }
  }

  /// The name of the copy of a file; two files of one name have numbers in front.
  private mutating func copy(of path: String) -> String {
    if let known = files.first(where: { $0.from == path }) { return known.to }
    var name = "\(Self.folder)/\(path.fileName)"
    if files.contains(where: { $0.to == name }) {
      name = "\(Self.folder)/\(files.count + 1)-\(path.fileName)"
    }
    files.append((path, name))
    return name
  }
}
