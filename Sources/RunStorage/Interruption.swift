internal import Dispatch
internal import Foundation
internal import Synchronization

/// What is to be undone when a signal ends the process.
///
/// SIGINT, SIGTERM, SIGHUP and SIGXCPU end it in order: what was announced is undone, one sentence
/// says so, and the exit status is 128 plus the number of the signal. What runs `uninterrupted` is
/// finished first.
public final class Interruption: Sendable {
  /// That of this process.
  public static let shared = Interruption()

  private struct State {
    var next = 0
    var undoings: [Int: @Sendable () -> Void] = [:]
    var remark = ""
    var sources: [any DispatchSourceSignal] = []
  }
  private let state = Mutex(State())
  /// Held while something may not be interrupted.
  private let gate = NSRecursiveLock()

  /// From now on signals end the process in order.
  ///
  /// A signal that the parent had ignored stays ignored (`nohup`). A file that grows beyond its
  /// limit, and a reader that goes away, become errors of the write instead of signals.
  public func handleSignals() {
    let queue = DispatchQueue(label: "signals")
    for (number, name) in [
      (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP"), (SIGXCPU, "SIGXCPU"),
    ] {
      guard !Self.ignore(number) else { continue }
      state.withLock {
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler { self.end(number, name) }
        source.resume()
        $0.sources.append(source)
      }
    }
    for number in [SIGXFSZ, SIGPIPE] { _ = Self.ignore(number) }
  }

  /// Runs `body`; if a signal ends the process meanwhile, `undo` is called first.
  public func undoing<Result>(
    _ undo: @escaping @Sendable () -> Void, during body: () throws -> Result
  ) rethrows -> Result {
    let number = announce(undo)
    defer { _ = withdraw(number) }
    return try body()
  }

  /// While `body` runs, the sentence of a signal ends with `remark`.
  public func remarking<Result>(
    _ remark: String, during body: () throws -> Result
  ) rethrows -> Result {
    state.withLock { $0.remark = remark }
    defer { state.withLock { $0.remark = "" } }
    return try body()
  }

  /// Runs `body` to its end before a signal may end the process; one thread at a time does.
  func uninterrupted<Result>(_ body: () throws -> Result) rethrows -> Result {
    gate.lock()
    defer { gate.unlock() }
    return try body()
  }

  /// Announces what is to be undone; the number is needed to withdraw it.
  func announce(_ undo: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      state.next += 1
      state.undoings[state.next] = undo
      return state.next
    }
  }

  /// Withdraws it; whether it was still announced.
  func withdraw(_ number: Int) -> Bool {
    state.withLock { $0.undoings.removeValue(forKey: number) != nil }
  }

  /// Ignores a signal; whether it was ignored before.
  private static func ignore(_ number: Int32) -> Bool {
    let ignoring = unsafe unsafeBitCast(SIG_IGN, to: Int.self)
    return unsafe unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == ignoring
  }

  /// Skips exit handlers: other threads may still be in the numerical libraries.
  private func end(_ number: Int32, _ name: String) {
    uninterrupted {
      for undo in state.withLock({ Array($0.undoings.values) }) { undo() }
      let remark = state.withLock { $0.remark }
      let text =
        "dmft: interrupted by \(name); no result was changed, nothing unfinished is left\(remark)\n"
      try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
      _exit(128 + number)
    }
  }
}
