import Foundation

/// The source tree of the package, as text.
enum Tree {
  /// The folder of `Package.swift`.
  static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file: its path from the root, and its lines.
  struct File {
    let path: String
    let lines: [Substring]
    /// The first folder below `Sources` or `Tests`.
    var target: String { String(path.split(separator: "/")[1]) }
  }

  /// The Swift files below a folder, in the order of their paths.
  static func swiftFiles(in folder: String) throws -> [File] {
    let names = FileManager.default.enumerator(atPath: root.appending(path: folder).path)
    return try (names?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".swift") }
      .sorted().map { try file("\(folder)/\($0)") }
  }

  /// The file at a path from the root.
  static func file(_ path: String) throws -> File {
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    return File(path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
  }

  /// The rows of the table with this header in a Markdown file, each a list of cells.
  static func table(_ header: String, in path: String) throws -> [[String]] {
    let lines = try file(path).lines
    guard let start = lines.firstIndex(where: { $0.hasPrefix(header) }) else { return [] }
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }
}
