internal import Dispatch
internal import Synchronization

/// Runs independent pieces of work on a fixed number of threads.
///
/// The pieces, not the threads, define the arithmetic: callers cut their work into a number of
/// pieces that does not depend on `threads` and reduce the results in the order of the pieces, so
/// that results are the same bits for any number of threads.
public struct ParallelFor: Sendable {
  /// The number of threads used, at least 1.
  public let threads: Int

  /// Creates an executor with `threads` threads; `nil` takes as many as were granted.
  public init(threads: Int? = nil) {
    let wanted = threads ?? Machine.grantedThreads.count
    precondition(wanted >= 1, "threads must be at least 1, got \(wanted)")
    self.threads = wanted
  }

  /// Calls `body(0) ... body(count - 1)`, each once, in no particular order.
  public func callAsFunction(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// Changes every element of `elements` in place, each on one thread.
  public func update<Element: Sendable>(
    _ elements: inout [Element], _ body: @Sendable (Int, inout Element) -> Void
  ) {
    let count = elements.count
    unsafe elements.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let base = unsafe buffer
      self(count) { index in unsafe body(index, &base[index]) }
    }
  }

  /// The results of `body(0) ... body(count - 1)`, in order; the first error (by index) is thrown,
  /// and pieces behind it that have not begun are left out.
  public func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    var slots = [Swift.Result<Result, any Error>?](repeating: nil, count: count)
    let firstFailed = Atomic<Int>(count)
    unsafe slots.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let base = unsafe buffer
      self(count) { index in
        guard index < firstFailed.load(ordering: .relaxed) else { return }
        let result = Swift.Result { try body(index) }
        if case .failure = result { firstFailed.min(index, ordering: .relaxed) }
        unsafe base[index] = result
      }
    }
    return try slots.compactMap { try $0?.get() }
  }
}
