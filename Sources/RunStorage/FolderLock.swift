internal import Foundation
internal import NumericalKit
internal import Synchronization

/// The right to write the run called `name` in a folder, which one process at a time has.
///
/// The kernel holds the lock and frees it when the process ends, however it ends. The locked file
/// `.NAME.lock` says who has it; one that a dead process left behind locks nobody out, and tells
/// what else that process left.
final class FolderLock: Sendable {
  /// Another process has the lock.
  struct Taken: Error {
    /// Its number and when it began, as it wrote them; nil if it has not done so yet.
    let holder: String?
  }

  private let folder: Folder
  private let file: String
  private let lock: OpenFile
  private let isReleased = Mutex(false)
  /// The number of the dead process that had the lock before and could not clean up.
  let predecessor: Int32?

  /// Takes the lock; throws `Taken` or `POSIXError`.
  init(in folder: Folder, name: String) throws {
    self.folder = folder
    file = ".\(name).lock"
    while true {
      let candidate = try folder.openLock(file)
      guard try candidate.lock() else { throw Taken(holder: Self.line(folder.text(file))) }
      // Who had it before may have removed the file between our opening and locking it.
      guard try folder.identity(file) == candidate.identity() else { continue }
      lock = candidate
      break
    }
    predecessor = Self.line(folder.text(file))?.split(separator: ",").first
      .flatMap { $0.split(separator: " ").last }.flatMap { Int32($0) }
  }

  /// The number of the locked file: who inherits it has the lock as well.
  var fileDescriptor: Int32 { lock.descriptor }

  /// Says that this process has it, for others; what a predecessor left must be gone by now.
  func sign() throws {
    try lock.empty()
    let start = Date.now.formatted(.iso8601)
    let process = ProcessInfo.processInfo.processIdentifier
    let host = Machine.hostName
    try lock.append(Array("process \(process), started \(start) on \(host)\n".utf8))
  }

  /// Gives it back, once: the next file of that name may be another's.
  func release() {
    isReleased.withLock { isReleased in
      if !isReleased { try? folder.removeFile(file) }
      isReleased = true
    }
    lock.unlock()
  }

  private static func line(_ text: String?) -> String? {
    text?.split(separator: "\n").first.map(String.init)
  }
}
