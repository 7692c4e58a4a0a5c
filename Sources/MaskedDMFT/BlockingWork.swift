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

  /// Runs `work` on threads that no task waits for.
  ///
  /// In the pool that runs tasks it would hold all of them up, among them the one that wants to
  /// cancel it. On Linux the pool of Dispatch's standard priority is the same as that of tasks, but
  /// each priority has a pool of its own: this is the one for long work that reports progress,
  /// and `ParallelFor` stays in the pool that it is called from.
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
        DispatchQueue.global(qos: .utility).async {
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
