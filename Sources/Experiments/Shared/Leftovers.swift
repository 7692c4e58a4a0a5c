internal import Dispatch
internal import Foundation
internal import Synchronization

/// What must not survive an interruption: unfinished files, and folders made for nothing.
public final class Leftovers: Sendable {
  /// The leftovers of this process.
  public static let shared = Leftovers()

  private struct State {
    var files: Set<String> = []
    var folders: [[String]] = []
    var sources: [any DispatchSourceSignal] = []
  }
  private let state = Mutex(State())

  /// From now on SIGINT and SIGTERM remove the leftovers and end the process with status 130.
  public func removeOnSignals() {
    let queue = DispatchQueue(label: "signals")
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      state.withLock {
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { Leftovers.shared.removeAndExit() }
        source.resume()
        $0.sources.append(source)
      }
    }
  }

  /// Announces an unfinished file, which `create` makes undisturbed by signals.
  func begin(file: String, _ create: () throws -> Void) rethrows {
    try state.withLock {
      $0.files.insert(file)
      try create()
    }
  }

  /// Runs `finish`, after which the file is no longer a leftover, undisturbed by signals.
  func end(file: String, _ finish: () throws -> Void) rethrows {
    try state.withLock {
      try finish()
      $0.files.remove(file)
    }
  }

  /// Announces new folders, deepest first, which `create` makes undisturbed by signals.
  func begin(folders: [String], _ create: () throws -> Void) rethrows {
    try state.withLock {
      $0.folders.append(folders)
      try create()
    }
  }

  /// Removes those of `folders` that are empty, deepest first.
  static func removeEmpty(_ folders: [String]) {
    let manager = FileManager.default
    for folder in folders {
      guard (try? manager.contentsOfDirectory(atPath: folder))?.isEmpty == true else { return }
      try? manager.removeItem(atPath: folder)
    }
  }

  /// Says so, and skips exit handlers: other threads may still be in the numerical libraries.
  private func removeAndExit() {
    state.withLock { state in
      for file in state.files { try? FileManager.default.removeItem(atPath: file) }
      for folders in state.folders { Self.removeEmpty(folders) }
      FileHandle.standardError.write(Data("dmft: interrupted; no unfinished file is left\n".utf8))
      _exit(130)
    }
  }
}
