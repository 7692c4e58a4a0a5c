internal import Foundation
internal import Synchronization

/// The sibling folder `.NAME.PID` in which the results of a run are gathered.
///
/// It takes the place of the folder `NAME` in one step, or goes away without a trace. All is done
/// relative to the open parent folder, which may be moved meanwhile.
final class Staging: Sendable {
  /// Something that is not the run to be replaced has the name now.
  struct NameTaken: Error {
    /// Where the results are instead, beside it.
    let instead: String
  }

  private struct State {
    var files: [String] = []
    /// After those that contain them.
    var folders: [String] = []
    var bytes = 0
  }

  /// The folder that contains both.
  let parent: Folder
  private let name: String
  private let stagingName: String
  private let folder: Folder
  private let lock: FolderLock
  private let state = Mutex(State())

  /// Locks the name, removes what dead processes left, and makes the sibling if `check` agrees.
  ///
  /// Throws what `check` throws, `FolderLock.Taken` or `POSIXError`.
  init(in parent: Folder, name: String, check: () throws -> Void) throws {
    self.parent = parent
    self.name = name
    stagingName = Self.siblingName(name, process: ProcessInfo.processInfo.processIdentifier)
    lock = try FolderLock(in: parent, name: name)
    do {
      if let predecessor = lock.predecessor {
        try Self.cleanUp(after: predecessor, name: name, in: parent)
      }
      try check()
      try lock.sign()
      try parent.makeFolder(stagingName)
      folder = try parent.folder(stagingName)
      if try parent.identity(name) != nil { try folder.takePermissions(of: parent.folder(name)) }
    } catch {
      try? parent.removeFolder(stagingName)
      lock.release()
      throw error
    }
  }

  /// Which folder the parent is.
  var place: FileIdentity? { try? parent.identity() }

  /// Files written so far.
  var files: [String] { state.withLock { $0.files } }

  /// Bytes written so far.
  var bytes: Int { state.withLock { $0.bytes } }

  /// Makes or empties a file and the folders above it.
  ///
  /// To be called uninterrupted: what it makes must be known to `remove`.
  func open(_ file: String) throws -> OpenFile {
    try adding(file) { try folder.openFile(file) }
  }

  /// Takes over a file of the folder that is to be replaced. To be called uninterrupted.
  func keep(_ file: String) throws {
    try adding(file) { try folder.link(file, of: replaced()) }
  }

  /// A file without a name, for reading and writing. To be called uninterrupted.
  func scratchFile() throws -> FileHandle { try folder.scratchFile() }

  private func adding<Result>(_ file: String, _ make: () throws -> Result) throws -> Result {
    let parts = file.split(separator: "/")
    for depth in 1..<max(parts.count, 1) {
      let above = parts.prefix(depth).joined(separator: "/")
      guard !state.withLock({ $0.folders.contains(above) }) else { continue }
      try folder.makeFolder(above)
      state.withLock { $0.folders.append(above) }
    }
    let made = try make()
    state.withLock { if !$0.files.contains(file) { $0.files.append(file) } }
    return made
  }

  /// The folder that is to be replaced.
  func replaced() throws -> Folder { try parent.folder(name) }

  /// Counts bytes that were written.
  func count(_ bytes: Int) { state.withLock { $0.bytes += bytes } }

  /// Sends the folders to the disk; files are sent when they are closed.
  func synchronize() throws {
    for inside in state.withLock({ $0.folders }) { try folder.folder(inside).synchronize() }
    try folder.synchronize()
  }

  /// Takes the place of the folder called `name`, if `replaceable` lists the files that are there.
  ///
  /// To be called uninterrupted. The results stay whole at `NAME.PID` if something else is in the
  /// way.
  func exchange(by method: RunDirectory.Exchange, replaceable: (Folder) -> [String]?) throws {
    switch try parent.identity(name) {
    case nil:
      do {
        try parent.renameToNew(stagingName, name)
      } catch let error as POSIXError where error.isUnsupported {
        try parent.rename(stagingName, to: name)
      } catch let error as POSIXError where error.code == .EEXIST {
        try giveWay()
      }
      try? parent.synchronize()
    case let there? where there.isFolder:
      guard let old = try? parent.folder(name), let files = replaceable(old) else {
        return try giveWay()
      }
      try replace(by: method)
      // The results are in their place: nothing that fails from here on may cost them.
      try? parent.synchronize()
      removeReplaced(old, files)
    default: try giveWay()
    }
  }

  /// Others may write again. To be called after `exchange`.
  func unlock() { lock.release() }

  /// Removes all that was written. To be called uninterrupted, and not after `exchange` is done.
  func remove() {
    state.withLock { state in
      for file in state.files { try? folder.removeFile(file) }
      for inside in state.folders.reversed() { try? folder.removeFolder(inside) }
      try? parent.removeFolder(stagingName)
    }
    lock.release()
  }

  /// One step where the file system has it; otherwise two, and the next run repairs what an
  /// interruption between them leaves.
  private func replace(by method: RunDirectory.Exchange) throws {
    if method == .atomic {
      do {
        return try parent.exchange(stagingName, name)
      } catch let error as POSIXError where error.isUnsupported {
        // Continued below.
      }
    }
    try parent.rename(name, to: Self.oldName(stagingName))
    do {
      try parent.rename(stagingName, to: name)
    } catch {
      try? parent.rename(Self.oldName(stagingName), to: name)
      throw error
    }
    try? parent.rename(Self.oldName(stagingName), to: stagingName)
  }

  /// What came into the folder since its files were listed is not ours to remove: it stays, seen.
  private func removeReplaced(_ old: Folder, _ files: [String]) {
    for file in files { try? old.removeFile(file) }
    for inside in (try? old.contents().folders) ?? [] { try? old.removeFolder(inside) }
    do {
      try parent.removeFolder(stagingName)
    } catch {
      try? parent.renameToNew(stagingName, insteadName)
    }
  }

  private var insteadName: String { String(stagingName.dropFirst()) }

  private func giveWay() throws {
    let instead = insteadName
    try parent.renameToNew(stagingName, instead)
    throw NameTaken(instead: instead)
  }

  private static func siblingName(_ name: String, process: Int32) -> String {
    ".\(name).\(process)"
  }

  private static func oldName(_ stagingName: String) -> String { "\(stagingName).old" }

  /// What an interruption in two renames left is repaired, what is unfinished removed.
  private static func cleanUp(after process: Int32, name: String, in parent: Folder) throws {
    let staging = siblingName(name, process: process)
    let old = oldName(staging)
    if try parent.identity(old) != nil, try parent.identity(name) == nil {
      try parent.rename(old, to: name)
    }
    for left in [old, staging] where try parent.identity(left)?.isFolder == true {
      let folder = try parent.folder(left)
      let (files, folders) = try folder.contents()
      for file in files { try folder.removeFile(file) }
      for inside in folders { try folder.removeFolder(inside) }
      try parent.removeFolder(left)
    }
  }
}

extension POSIXError {
  /// Whether the file system or the system does not know the call.
  fileprivate var isUnsupported: Bool {
    code == .EINVAL || code == .ENOSYS || code == .EOPNOTSUPP
  }
}
