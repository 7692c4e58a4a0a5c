internal import LearningProblem
internal import MeanField

/// What `dmft aging` is asked for: waiting times, lags, and whether to look for a steady state.
public struct AgingRequest: Sendable {
  /// From when on weights are watched.
  let waiting: WaitingTimes
  /// Whether a steady state is solved for, to compare with.
  let comparesSteadyState: Bool

  private static let most = 12

  /// Reads what was typed; throws `UsageError`.
  ///
  /// - Parameters:
  ///   - waiting: steps between commas.
  ///   - lags: the most lags after each of them.
  ///   - comparesSteadyState: whether a steady state is solved for.
  public init(waiting: String, lags: Int, comparesSteadyState: Bool) throws {
    let words = waiting.split(separator: ",", omittingEmptySubsequences: false)
    let steps = words.compactMap { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
    guard steps.count == words.count, Set(steps).count == steps.count, steps.count <= Self.most
    else {
      throw UsageError(
        "--waiting", found: waiting,
        allowed: "up to \(Self.most) different whole numbers of steps >= 0 between commas, such as "
          + "10,100,1000")
    }
    guard (20...10_000).contains(lags) else {
      throw UsageError("--lags", found: "\(lags)", allowed: "a whole number from 20 to 10000")
    }
    self.waiting = WaitingTimes(steps.sorted(), mostLags: lags)
    self.comparesSteadyState = comparesSteadyState
  }
}
