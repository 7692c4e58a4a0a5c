internal import Foundation
internal import Observables

/// The folder that receives the results of one run.
///
/// Refuses a folder that already holds a run, and one that cannot be written, before anything is
/// computed. Files appear whole or not at all: they are written under a temporary name in the same
/// folder and then renamed. A folder made for a run that wrote nothing is removed again.
public final class RunDirectory: Sendable {
  /// Where it is, as the user wrote it.
  public let path: String
  private let created: [String]

  /// Makes the folder ready; `force` allows one that holds a run, whose files are replaced.
  ///
  /// Throws `OutputError` with the path.
  public init(_ path: String, force: Bool = false) throws {
    let path = path.trimmedPath
    self.path = path
    if !force, let file = Self.results(in: path).first {
      throw OutputError(
        "\(path) already holds a run (\(file)); use another --output, or --force, "
          + "which removes all results of that run")
    }
    created = Self.missingFolders(path)
    do {
      try Leftovers.shared.begin(folders: created) {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      try attempt("write-test") {
        try $0.write("")
      } finish: {
        try FileManager.default.removeItem(atPath: $0)
      }
    } catch {
      Leftovers.removeEmpty(created)
      let type =
        try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      let why = type == .typeRegular ? "is a file, not a folder" : "cannot be created and written"
      throw OutputError("\(path) \(why); use another --output")
    }
  }

  /// Writes one file, whole or not at all; `name` may contain folders.
  public func write(_ name: String, _ body: (inout ByteWriter) throws -> Void) throws {
    let target = "\(path)/\(name)"
    let folder = target.parentFolder
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try attempt(name, body) { temporary in
        try? FileManager.default.removeItem(atPath: target)
        try FileManager.default.moveItem(atPath: temporary, toPath: target)
      }
    } catch let error as OutputError {
      throw error
    } catch let error as SolverError {  // what was to be written is no number
      throw error
    } catch {
      throw OutputError("\(target) cannot be written: \(error.localizedDescription)")
    }
  }

  /// Writes a text file.
  public func write(_ name: String, text: String) throws { try write(name) { try $0.write(text) } }

  /// Removes what an earlier run left here, just before new results are written.
  public func removeResults() {
    for file in Self.results(in: path) {
      try? FileManager.default.removeItem(atPath: "\(path)/\(file)")
      var folders: [String] = []
      var folder = file.parentFolder
      while !folder.isEmpty {
        folders.append("\(path)/\(folder)")
        folder = folder.parentFolder
      }
      Leftovers.removeEmpty(folders)
    }
  }

  /// Removes the folders that were made for this run, as far as they are empty.
  public func removeIfEmpty() { Leftovers.removeEmpty(created) }

  /// Result files of any command present in a folder, relative to it.
  public static func results(in path: String) -> [String] { ResultFiles.all.present(in: path) }

  /// Writes to a temporary file, then lets `finish` take it away.
  private func attempt(
    _ name: String, _ body: (inout ByteWriter) throws -> Void, finish: (String) throws -> Void
  ) throws {
    let place = "\(path)/\(name)"
    let process = ProcessInfo.processInfo.processIdentifier
    let temporary = "\(place.parentFolder)/.\(place.fileName).\(process).tmp"
    do {
      try Leftovers.shared.begin(file: temporary) {
        guard FileManager.default.createFile(atPath: temporary, contents: nil) else {
          throw OutputError("\(temporary) cannot be created")
        }
      }
      guard let handle = FileHandle(forWritingAtPath: temporary) else {
        throw OutputError("\(temporary) cannot be written")
      }
      var writer = ByteWriter(handle)
      try body(&writer)
      try writer.flush()
      try handle.close()
      try Leftovers.shared.end(file: temporary) { try finish(temporary) }
    } catch {
      Leftovers.shared.end(file: temporary) {
        try? FileManager.default.removeItem(atPath: temporary)
      }
      throw error
    }
  }

  /// The folders of `path` that do not exist yet, deepest first.
  private static func missingFolders(_ path: String) -> [String] {
    var missing: [String] = []
    var folder = path
    while !folder.isEmpty, !FileManager.default.fileExists(atPath: folder) {
      missing.append(folder)
      folder = folder.parentFolder
    }
    return missing
  }
}
