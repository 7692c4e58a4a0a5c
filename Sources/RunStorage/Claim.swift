public import Foundation
internal import NumericalKit

/// The right to do one piece of work of a folder that several processes share.
///
/// One process at a time has it, on one machine or on several with one file system; the kernel
/// frees it however that process ends. The children that inherit its file hold it as long as they
/// live.
public final class Claim: Sendable {
  /// Another process has it.
  public struct Taken: Error, Sendable {
    /// Who: its number, when it began and its machine; nil if it has not said so yet.
    public let holder: String?
  }

  private let folder: Folder
  private let name: String
  private let lock: FolderLock

  /// Claims the work called `name` in the folder at `path`, which is there.
  ///
  /// Throws `Taken`, or an `OutputError` if the folder cannot be written.
  public init(_ name: String, in path: String) throws {
    do {
      folder = try Folder(path)
      self.name = name
      lock = try FolderLock(in: folder, name: name)
      try lock.sign()
    } catch let taken as FolderLock.Taken {
      throw Taken(holder: taken.holder)
    } catch let error as POSIXError {
      throw OutputError("\(path) cannot be written (\(error.reason)); ask for the right to do so")
    }
  }

  /// The number of its file, for children that are to hold it.
  public var file: Int32 { lock.fileDescriptor }

  /// A file without a name, for reading and writing, that goes away when it is closed.
  public func scratchFile() throws -> FileHandle {
    do {
      let name = ".\(name).scratch"
      try? folder.removeFile(name)  // of a process that was killed at the wrong moment
      return try folder.scratchFile(name)
    } catch let error as POSIXError {
      throw WriteError("a file cannot be written (\(error.reason))")
    }
  }

  /// Gives it back.
  public func release() { lock.release() }

  /// Who seems to have the work called `name`; nil if nobody does, as far as this machine knows.
  ///
  /// Nobody is kept from claiming it meanwhile.
  public static func holder(of name: String, in path: String) -> String? {
    let file = "\(path)/.\(name).lock"
    guard let text = try? String(contentsOfFile: file, encoding: .utf8),
      let line = text.split(separator: "\n").first
    else { return nil }
    let words = line.split { " ,".contains($0) }
    let isHere = words.last == Machine.hostName[...]
    if isHere, words.count > 1, let number = Int32(words[1]), kill(number, 0) != 0,
      errno == ESRCH
    {
      return nil
    }
    return String(line)
  }
}
