internal import Synchronization

/// Is told what fraction of a piece of work is done, 1 at its end: from any thread, one call at a
/// time, ever larger fractions. What it throws stops the work.
public typealias ProgressReport = @Sendable (Double) throws -> Void

/// Counts the steps that all threads have done and reports the fraction.
public final class SharedProgress: Sendable {
  private let total: Int
  private let report: ProgressReport
  private let done = Mutex(0)

  /// Reports a `total` number of steps to `report`.
  public init(total: Int, report: @escaping ProgressReport) {
    self.total = total
    self.report = report
  }

  /// That many more steps are done; the report is made under the lock, so that reports come in
  /// order. Throws what the report throws.
  public func advance(by steps: Int = 1) throws {
    try done.withLock { done in
      done += steps
      try report(Double(done) / Double(total))
    }
  }
}
