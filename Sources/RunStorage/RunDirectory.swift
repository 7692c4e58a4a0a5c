public import Foundation
internal import NumericalKit

/// The folder that receives the results of one run, as a transaction.
///
/// Results are gathered in a hidden folder beside it, which takes its place in one step when all
/// are written: until `commit` what was there is whole, afterwards the new results are. However a
/// process ends, nothing in between is seen. What a killed process leaves is removed by the next
/// run into the same folder; two processes cannot write the same run at once.
///
/// A folder is replaced only if it holds a run, listed in its `run.yaml`, and nothing else.
public final class RunDirectory: Sendable {
  /// How the new folder takes the place of an old one.
  public enum Exchange: Sendable {
    /// In one step, where the file system can do that.
    case atomic
    /// In two renames, repaired by the next run if interrupted between them.
    case twoRenames
  }

  /// Where it is, as the user wrote it.
  public let path: String
  private let exchange: Exchange
  private let force: Bool
  private let created: [String]
  private let staging: Staging
  private let undoing: Int

  /// Reserves the folder; `force` allows one that holds a run, which is replaced.
  ///
  /// `inputs` are files that the run reads, which must not be in it. Throws `OutputError` with the
  /// path.
  public init(
    _ path: String, force: Bool = false, inputs: [String] = [], exchange: Exchange = .atomic
  ) throws {
    let path = path.trimmedPath
    self.path = path
    self.exchange = exchange
    self.force = force
    (staging, created, undoing) = try Interruption.shared.uninterrupted {
      let place = try RunPlace(path)
      do {
        let staging = try Staging(in: Folder(place.parent), name: place.name) {
          try RunContents.check(path, place.target, force: force, inputs: inputs)
        }
        let created = place.created
        let undoing = Interruption.shared.announce {
          staging.remove()
          RunPlace.removeEmpty(created)
        }
        return (staging, created, undoing)
      } catch {
        RunPlace.removeEmpty(place.created)
        throw Self.refusal(path, error)
      }
    }
  }

  /// Reserves a folder, lets `body` write a run into it, and puts all in place; whatever is thrown,
  /// nothing stays behind.
  ///
  /// `body` returns its result and the record for `run.yaml`. Parameters and errors are those of
  /// `init` and `commit`.
  public static func writing<Result>(
    to path: String, force: Bool = false, inputs: [String] = [], exchange: Exchange = .atomic,
    _ body: (RunDirectory) throws -> (result: Result, record: String)
  ) throws -> Result {
    let directory = try RunDirectory(path, force: force, inputs: inputs, exchange: exchange)
    defer { directory.discard() }
    let (result, record) = try body(directory)
    try directory.commit(record: record)
    return result
  }

  /// The files written so far, relative to the folder.
  public var files: [String] { staging.files }

  /// Writes one file; `name` may contain folders. It is on the disk when this returns.
  public func write(_ name: String, _ body: (inout ByteWriter) throws -> Void) throws {
    do {
      let staging = staging
      let file = try Interruption.shared.uninterrupted { try staging.open(name) }
      var writer = ByteWriter {
        staging.count($0.count)
        try file.append($0)
      }
      try body(&writer)
      try writer.flush()
      try file.synchronize()
    } catch let error as POSIXError {
      throw failure(name, error)
    }
  }

  /// Takes over the files of the run that is there but those in `replaced`; returns its record
  /// below the list of files.
  public func keepRun(except replaced: Set<String>) throws -> String {
    do {
      return try Interruption.shared.uninterrupted {
        let old = RunContents(of: try staging.replaced())
        for file in old.files where file != RunContents.record && !replaced.contains(file) {
          try staging.keep(file)
        }
        return old.text
      }
    } catch let error as POSIXError {
      throw failure("", error)
    }
  }

  /// The record in the `run.yaml` of the folder at `path`, without the list of files.
  ///
  /// Throws `OutputError` if there is no such folder.
  public static func record(in path: String) throws -> String {
    do {
      return RunContents(of: try Folder(path)).text
    } catch {
      throw OutputError(
        "\(path) cannot be read: not the folder of a run; use one that `dmft solve` has written")
    }
  }

  /// A file without a name, for reading and writing, that goes away when it is closed.
  public func scratchFile() throws -> FileHandle {
    do {
      return try Interruption.shared.uninterrupted { try staging.scratchFile() }
    } catch let error as POSIXError {
      throw failure("", error)
    }
  }

  /// Writes a text file.
  public func write(_ name: String, text: String) throws { try write(name) { try $0.write(text) } }

  /// Writes `run.yaml`, the list of files and `record`, and puts all in place.
  ///
  /// Throws `WriteError`; what was in the folder is then still there.
  public func commit(record: String) throws {
    try write(RunContents.record, text: RunContents.list(of: files + [RunContents.record]) + record)
    do {
      try staging.synchronize()
      try Interruption.shared.uninterrupted {
        defer { staging.unlock() }
        try staging.exchange(by: exchange) { old in
          let contents = RunContents(of: old)
          guard contents.isEmpty || force && contents.isReplaceable else { return nil }
          return contents.files
        }
        _ = Interruption.shared.withdraw(undoing)
      }
    } catch let taken as Staging.NameTaken {
      _ = Interruption.shared.withdraw(undoing)
      throw WriteError(
        "\(path) was changed by something else during this run; the results are whole in "
          + "\(taken.instead) beside it")
    } catch let error as POSIXError {
      throw failure("", error)
    }
    guard let place = try? RunPlace.parent(of: path), FileIdentity(path: place) == staging.place
    else {
      throw WriteError(
        "the folder of \(path) was moved during this run; the results are whole in it")
    }
  }

  /// Removes what was written and the folders that were made, unless it was committed.
  public func discard() {
    Interruption.shared.uninterrupted {
      guard Interruption.shared.withdraw(undoing) else { return }
      staging.remove()
      RunPlace.removeEmpty(created)
    }
  }

  /// Why the folder cannot be used.
  private static func refusal(_ path: String, _ error: any Error) -> any Error {
    switch error {
    case let taken as FolderLock.Taken:
      OutputError(
        "\(path) is being written by \(taken.holder ?? "another process"); wait for its end, or "
          + "use another --output")
    case let error as POSIXError:
      OutputError(
        "\(path) cannot be created and written (\(error.reason)); use another --output")
    default: error
    }
  }

  /// Why a file could not be written.
  private func failure(_ name: String, _ error: POSIXError) -> WriteError {
    let file = name.isEmpty ? path : "\(path)/\(name)"
    let kept = "; \(path) is as it was"
    switch error.code {
    case .ENOSPC, .EDQUOT:
      let written = ByteCount.text(Double(staging.bytes))
      let free = staging.parent.freeBytes.map { ", of which \(ByteCount.text($0)) are free" } ?? ""
      return WriteError(
        "\(file) cannot be written: the disk is full; the run needs more than \(written)\(free); "
          + "make room, or use another --output\(kept)")
    case .EFBIG:
      return WriteError(
        "\(file) cannot be written: it is larger than files may be here; raise `ulimit -f`\(kept)")
    case .ENOENT:
      return WriteError("\(file) cannot be written: its folder was removed during this run")
    default:
      return WriteError("\(file) cannot be written (\(error.reason))\(kept)")
    }
  }
}

extension POSIXError {
  /// `permission denied`.
  var reason: String {
    let text = unsafe String(cString: strerror(code.rawValue))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
