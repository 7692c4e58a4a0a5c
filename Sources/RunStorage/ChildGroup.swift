internal import Foundation
internal import Synchronization

/// Children that work for this process and end with it.
public final class ChildGroup: Sendable {
  /// What they get to end in order before they are killed.
  private static let patience = Duration.seconds(20)

  private struct State {
    var children: Set<ChildProcess> = []
    var isEnding = false
  }
  private let state = Mutex(State())

  /// A group without children.
  public init() {}

  /// Lets `body` start children and wait for them; a signal that ends this process ends them first.
  public func running<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Interruption.shared.undoing({ self.endAll() }, during: body)
  }

  /// Takes in the child that `start` has started; nil if it could not.
  public func add(_ start: () -> ChildProcess?) -> ChildProcess? {
    let (isEnding, child) = state.withLock { state in
      let child = state.isEnding ? nil : start()
      if let child { state.children.insert(child) }
      return (state.isEnding, child)
    }
    while isEnding { pause() }
    return child
  }

  /// Waits for the end of one of them, and returns it with its exit status, or 128 plus the signal;
  /// nil if there is none.
  public func waitForAny() -> (child: ChildProcess, status: Int32)? {
    while let ended = ChildProcess.waitForAny() {
      if remove(ended.process) { return (ended.process, ended.status) }
    }
    _ = remove(nil)
    return nil
  }

  /// Forgets a child that has ended; whether it was one of the group. The thread stops here if the
  /// process is about to end: what a child that was ended leaves undone is no result.
  private func remove(_ child: ChildProcess?) -> Bool {
    let (isEnding, isOurs) = state.withLock { state in
      (state.isEnding, child.map { state.children.remove($0) != nil } ?? false)
    }
    while isEnding { pause() }
    return isOurs
  }

  /// Ends all of them in order, or by force if they take long, and lets nobody start another.
  private func endAll() {
    let children = state.withLock { state in
      state.isEnding = true
      return state.children
    }
    for child in children { child.end(SIGTERM) }
    let limit = ContinuousClock.now + Self.patience
    for child in children { _ = child.wait(limit: limit - ContinuousClock.now) }
  }
}
