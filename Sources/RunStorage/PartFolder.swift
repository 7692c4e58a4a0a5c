internal import Foundation
public import NumericalKit
internal import Synchronization

/// A folder of finished parts of a computation: `NAME.part`, each there whole or not at all.
///
/// A part is a line that says what it is, with its length, its checksum and the processor core for
/// which BLAS computed it, and then JSON. It is written under another name, sent to the disk and
/// renamed. One process at a time writes into the folder: whoever has the lock of the run.
public final class PartFolder: PartKeeper {
  private static let suffix = ".part"
  private static let unfinished = ".unfinished"
  private static let mark = "dmft-part-1"

  private struct State {
    var given = 0
    var foreignCores: Set<String> = []
  }

  /// Where it is.
  public let path: String
  private let folder: Folder
  private let note: @Sendable (String) -> Void
  private let state = Mutex(State())

  /// Opens the folder at `path`, which is made if it does not exist and `create` says so.
  ///
  /// - Parameter note: is told in one sentence what a user should know.
  /// - Throws: `OutputError`.
  public init(_ path: String, create: Bool, note: @escaping @Sendable (String) -> Void) throws {
    self.path = path
    self.note = note
    do {
      if create {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      }
      folder = try Folder(path)
    } catch {
      throw OutputError(
        create
          ? "\(path), for finished parts, cannot be created and written; use another --output"
          : "\(path) cannot be read: no folder; use one that --runs, --batches or --resume wrote")
    }
  }

  /// How many parts were given back.
  public var given: Int { state.withLock { $0.given } }

  /// The names of the parts that are there.
  public var names: Set<String> {
    Set(
      ((try? folder.contents().files) ?? []).filter { $0.hasSuffix(Self.suffix) }
        .map { String($0.dropLast(Self.suffix.count)) })
  }

  /// A damaged part is none, which a note says.
  public func kept<Part: Decodable>(_ type: Part.Type, _ name: String) throws -> Part? {
    guard try folder.identity(name + Self.suffix) != nil else { return nil }
    guard let (core, json) = content(name),
      let part = try? JSONDecoder().decode(type, from: Data(json.utf8))
    else {
      note("\(path)/\(name)\(Self.suffix) is damaged; it is computed again")
      return nil
    }
    let isNew = state.withLock { state in
      state.given += 1
      return core != Libraries.blasCore && state.foreignCores.insert(core).inserted
    }
    if isNew {
      note(
        "parts in \(path) were computed for \(core), this processor is \(Libraries.blasCore): one "
          + "run on one machine would differ in the last digits")
    }
    return part
  }

  /// Throws a `WriteError` if it cannot be written.
  public func keep(_ part: some Encodable, _ name: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let json = String(decoding: try encoder.encode(part), as: UTF8.self)
    try write(
      name + Self.suffix, Self.heading(json, core: Libraries.blasCore) + "\n" + json + "\n")
  }

  /// What is in the file of a part, its heading left out; nil if it is missing or damaged.
  public func json(_ name: String) -> String? { content(name)?.json }

  /// The text of any file in it; nil if it cannot be read.
  public func text(_ file: String) -> String? { folder.text(file) }

  /// The file of a part.
  public static func file(_ name: String) -> String { name + suffix }

  /// Writes a file, whole or not at all; throws a `WriteError`.
  public func write(_ file: String, _ text: String) throws {
    let other = "." + file + Self.unfinished
    do {
      do {
        let open = try folder.openFile(other)
        try open.append(Array(text.utf8))
        try open.synchronize()
      }
      try folder.rename(other, to: file)
      try folder.synchronize()
    } catch let error as POSIXError {
      try? folder.removeFile(other)
      throw WriteError(
        "\(path)/\(file) cannot be written (\(error.reason)); what was finished before is kept")
    }
  }

  /// Removes all parts, `others`, and the folder if nothing else is in it.
  public func remove(and others: [String]) {
    let files = ((try? folder.contents().files) ?? []).filter {
      $0.hasSuffix(Self.suffix) || $0.hasSuffix(Self.unfinished) || others.contains($0)
    }
    for file in files { try? folder.removeFile(file) }
    RunPlace.removeEmpty([path])
  }

  private func content(_ name: String) -> (core: String, json: String)? {
    guard let text = folder.text(name + Self.suffix),
      let end = text.utf8.firstIndex(of: UInt8(ascii: "\n"))
    else { return nil }
    let heading = text[..<end]
    let json = String(text[text.utf8.index(after: end)...].dropLast())
    guard let core = heading.split(separator: " ").dropFirst().first.map(String.init),
      heading == Self.heading(json, core: core), text.hasSuffix("\n")
    else { return nil }
    return (core, json)
  }

  private static func heading(_ json: String, core: String) -> String {
    let name = core.split(separator: " ").joined(separator: "-")
    return "\(mark) \(name) \(json.utf8.count) \(Checksum.text(json.utf8))"
  }
}
