internal import Foundation
internal import NumericalKit

/// r_n = e^(-γ n), ε_n = 1/n: rates that fall exponentially. `[bounds.exponential]`
///
/// Source: Chen et al., Eq. A.12, whose prefactor (1 - e^-γ) should read (e^γ - 1).
public struct ExponentialSchedule: UpdateSchedule {
  /// γ >= 0; > 0 for infinitely many updates.
  public let gamma: Double
  /// N, nil for infinitely many.
  public let updates: Int?

  /// Creates a schedule; cost of its mean does not depend on `updates`.
  public init(gamma: Double, updates: Int? = nil) {
    precondition(gamma.isFinite && gamma >= 0, "gamma must be at least 0, got \(gamma)")
    precondition(updates ?? 1 >= 1, "at least one update, got \(updates ?? 0)")
    precondition(
      gamma > 0 || updates != nil, "gamma = 0 needs a finite number of updates: Σ 1 diverges")
    self.gamma = gamma
    self.updates = updates
  }

  /// -γ n.
  public func logarithmOfRate(at update: Int) -> Double {
    check(update)
    return -gamma * Double(update)
  }

  /// 1/n.
  public func learningRate(at update: Int) -> Double {
    check(update)
    return 1 / Double(update)
  }

  /// (e^γ - 1) ln[e^γ / (e^γ - 1)], or the finite sums; 1 beyond γ = 40, where the first write is
  /// all.
  public var meanLearningRate: Double {
    guard gamma < 40 else { return 1 }
    return ExponentialSum.overIndex(decay: gamma, through: updates)
      / ExponentialSum.plain(decay: gamma, through: updates)
  }
}
