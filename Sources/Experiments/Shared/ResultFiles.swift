internal import Foundation

/// What a command writes into the folder of a run; a later run of any command there replaces it.
struct ResultFiles: Sendable {
  /// Single files.
  let files: [String]
  /// Folders of tables and arrays, at any depth.
  let folders: [String]

  /// The files of a command; `figure` stands for a figure in any format.
  init(_ files: [String], folders: [String] = [], figure: Bool = false) {
    self.files = files + (figure ? FigureFormat.allCases.map(\.fileName) : [])
    self.folders = folders
  }

  /// The files of all commands, with the record of a run first.
  static let all = union([
    ResultFiles(["run.yaml"]), solve, train, compare, rules, stationary, staticLimit, online, fit,
  ])

  private static func union(_ lists: [ResultFiles]) -> ResultFiles {
    func unique(_ names: [String]) -> [String] {
      var seen: Set<String> = []
      return names.filter { seen.insert($0).inserted }
    }
    return ResultFiles(
      unique(lists.flatMap(\.files)), folders: unique(lists.flatMap(\.folders)))
  }

  /// The files present in the folder at `path`, relative to it.
  func present(in path: String) -> [String] {
    let manager = FileManager.default
    let inside = folders.flatMap { folder in
      ((try? manager.subpathsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
        .filter { $0.hasSuffix(".csv") || $0.hasSuffix(".npy") }.map { "\(folder)/\($0)" }
    }
    return (files + inside).filter { manager.fileExists(atPath: "\(path)/\($0)") }
  }
}
