internal import NumericalKit

/// From when on weights are watched, and at which later steps. `[aging.sum]`
public struct WaitingTimes: Sendable, Equatable {
  /// t_w, in steps, in increasing order.
  public let steps: [Int]
  /// The most lags after each of them, denser early.
  public let mostLags: Int

  /// Waiting times.
  ///
  /// - Parameters:
  ///   - steps: distinct, from 0 on, in increasing order.
  ///   - mostLags: lags after each, at least 3.
  public init(_ steps: [Int], mostLags: Int = 100) {
    precondition(
      (steps.first ?? -1) >= 0 && zip(steps, steps.dropFirst()).allSatisfy { $0 < $1 }
        && mostLags >= 3, "waiting times \(steps), \(mostLags) lags")
    self.steps = steps
    self.mostLags = mostLags
  }

  /// The lags after each waiting time in a run of `last` steps: 0, 1 and further ones, up to its
  /// end.
  func lags(last: Int) -> [[Int]] {
    steps.map { ChosenKernels.steps(mostLags, last: last - $0) }
  }

  /// Steps that need a row of their own: each waiting time, and the step after it.
  var pinned: Set<Int> { Set(steps.flatMap { [$0, $0 + 1] }) }
}
