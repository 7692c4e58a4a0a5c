internal import Foundation
internal import NumericalKit

/// What is in a folder, and whether it is a run and nothing else.
struct RunContents {
  /// The file that says how a run went and lists its files.
  static let record = "run.yaml"
  private static let key = "files:"
  private static let item = "  - "

  /// All files, relative to the folder.
  let files: [String]
  /// The files that its `run.yaml` lists; nil if there is no such list.
  private let listed: Set<String>?
  /// The text of its `run.yaml` below that list.
  let text: String

  /// Looks into an open folder.
  init(of folder: Folder) {
    files = (try? folder.contents().files) ?? []
    let record = folder.text(Self.record) ?? ""
    listed = Self.listed(record)
    text = record.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { $0 == Self.key || $0.hasPrefix(Self.item) }.joined(separator: "\n")
  }

  /// Whether there is no file at all.
  var isEmpty: Bool { files.isEmpty }

  /// Whether all files are those of a run.
  var isReplaceable: Bool { listed.map { $0.isSuperset(of: files) } ?? false }

  /// Throws an `OutputError` unless the folder at `target`, called `path` by the user, may be
  /// replaced or does not exist.
  static func check(_ path: String, _ target: String, force: Bool, inputs: [String]) throws {
    guard FileIdentity(path: target) != nil else { return }
    let contents = RunContents(of: try Folder(target))
    guard !contents.isEmpty else { return }
    guard let listed = contents.listed else {
      throw OutputError(
        "\(path) holds \(named(contents.files)) and no run of dmft; use another --output")
    }
    let strangers = contents.files.filter { !listed.contains($0) }
    guard strangers.isEmpty else {
      throw OutputError(
        "\(path) holds \(named(strangers)) beside a run of dmft; move that away, or use another "
          + "--output")
    }
    guard force else {
      throw OutputError(
        "\(path) already holds a run; use another --output, or --force, which replaces that run")
    }
    for input in inputs {
      guard let real = realPath(input), real.hasPrefix("\(target)/") else { continue }
      throw OutputError(
        "\(path) cannot be replaced by a run that reads \(input) in it; use another --output")
    }
  }

  /// The list of `files` as it begins a `run.yaml`.
  static func list(of files: [String]) -> String {
    ([key] + files.sorted().map { item + $0.quoted }).joined(separator: "\n") + "\n"
  }

  /// The files that the text of a `run.yaml` lists; nil without such a list.
  private static func listed(_ text: String) -> Set<String>? {
    let lines = text.split(separator: "\n")
    guard lines.first == key[...] else { return nil }
    return Set(
      lines.dropFirst().prefix { $0.hasPrefix(item) }
        .compactMap { String(quoted: $0.dropFirst(item.count)) })
  }

  private static func named(_ files: [String]) -> String {
    files[0] + (files.count > 1 ? " and \(files.count - 1) more" : "")
  }
}
