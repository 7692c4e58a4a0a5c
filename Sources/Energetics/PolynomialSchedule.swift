internal import Foundation
internal import NumericalKit

/// r_n = n^-(1 + γ), ε_n = 1/√n: rates that fall as a power. `[bounds.polynomial]`
///
/// Source: Chen et al., Eqs. 23, 24 and A.11.
public struct PolynomialSchedule: UpdateSchedule {
  /// γ >= 0; > 0 for infinitely many updates, whose sum of rates else diverges.
  public let gamma: Double
  /// N, nil for infinitely many.
  public let updates: Int?

  /// Creates a schedule; cost of its mean does not depend on `updates`.
  public init(gamma: Double, updates: Int? = nil) {
    precondition(gamma.isFinite && gamma >= 0, "gamma must be at least 0, got \(gamma)")
    precondition(updates ?? 1 >= 1, "at least one update, got \(updates ?? 0)")
    precondition(
      gamma > 0 || updates != nil, "gamma = 0 needs a finite number of updates: Σ 1/n diverges")
    self.gamma = gamma
    self.updates = updates
  }

  /// -(1 + γ) ln n.
  public func logarithmOfRate(at update: Int) -> Double {
    check(update)
    return -(1 + gamma) * log(Double(update))
  }

  /// 1/√n.
  public func learningRate(at update: Int) -> Double {
    check(update)
    return 1 / Double(update).squareRoot()
  }

  /// ζ(3/2 + γ) / ζ(1 + γ), or the same sums to N.
  public var meanLearningRate: Double {
    guard let updates else {
      return PowerSum.infinite(excess: 0.5 + gamma) / PowerSum.infinite(excess: gamma)
    }
    return PowerSum.finite(excess: 0.5 + gamma, through: updates)
      / PowerSum.finite(excess: gamma, through: updates)
  }
}
