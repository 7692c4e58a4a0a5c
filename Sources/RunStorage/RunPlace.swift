internal import Foundation

/// Where the folder of a run is, once links are followed and the folders above it made.
struct RunPlace {
  /// The folder above it.
  let parent: String
  /// Its name there.
  let name: String
  /// Folders that had to be made, deepest first.
  let created: [String]

  /// The folder itself.
  var target: String { name == "/" ? name : "\(parent == "/" ? "" : parent)/\(name)" }

  /// Follows links and makes what is missing above `path`; throws `OutputError`.
  init(_ path: String) throws {
    guard !path.isEmpty else { throw OutputError("--output is empty; name a folder") }
    let parent = try Self.parent(of: path)
    let missing = Self.missing(parent)
    do {
      try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
      guard let real = realPath(parent) else { throw POSIXError(.ENOENT) }
      self.parent = real
    } catch {
      Self.removeEmpty(missing)
      throw OutputError("\(path) cannot be created and written; use another --output")
    }
    name = (realPath(path) ?? path).fileName
    created = missing
    if let here = FileIdentity(path: target) {
      let last = "use a folder below it, or another --output"
      guard here.isFolder else {
        throw OutputError("\(path) is a file, not a folder; use another --output")
      }
      guard name != "/", here != FileIdentity(path: ".") else {
        throw OutputError(
          "\(path) is the folder of this process, which cannot be replaced; \(last)")
      }
      guard here.device == FileIdentity(path: parent)?.device else {
        throw OutputError("\(path) is where a file system is mounted; \(last)")
      }
    }
  }

  /// The folder above `path`, which need not exist; throws `OutputError` for a link to nothing.
  static func parent(of path: String) throws -> String {
    if let real = realPath(path) { return real.parentPath }
    if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil {
      throw OutputError("\(path) is a link to nothing; use another --output")
    }
    return path.parentPath
  }

  /// Removes those of `folders` that are empty, deepest first.
  static func removeEmpty(_ folders: [String]) {
    for folder in folders { guard unsafe rmdir(folder) == 0 else { return } }
  }

  /// The folders of `path` that do not exist yet, deepest first.
  private static func missing(_ path: String) -> [String] {
    var missing: [String] = []
    var folder = path
    while !folder.isEmpty, folder != ".", !FileManager.default.fileExists(atPath: folder) {
      missing.append(folder)
      folder = folder.parentPath
    }
    return missing
  }
}
