internal import Dispatch
internal import NumericalKit
internal import Synchronization

/// Work that blocks its thread for long, run for a task that may be cancelled meanwhile.
enum BlockingWork {
  /// Set once, by the cancellation of the task.
  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .relaxed) }
    func set() { value.store(true, ordering: .relaxed) }
  }

  /// Runs `work` on a thread that no task waits for: in the pool that runs all tasks it would hold
  /// them up.
  ///
  /// Its reports go on to `progress`. Once the task is cancelled they throw `CancellationError`
  /// instead, which stops the work; work that was done already keeps its result.
  static func run<Result: Sendable>(
    _ progress: @escaping ProgressReport,
    _ work: @escaping @Sendable (@escaping ProgressReport) throws -> Result
  ) async throws -> Result {
    try Task.checkCancellation()
    let isCancelled = Flag()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
          continuation.resume(
            with: Swift.Result {
              try work { fraction in
                guard !isCancelled.isSet else { throw CancellationError() }
                try progress(fraction)
              }
            })
        }
      }
    } onCancel: {
      isCancelled.set()
    }
  }
}
