internal import Foundation

/// Any rates r_n, such as the fraction of weights that a learning rule wrote at step n; ε_n = 1/√n.
/// `[bounds.schedule]`
///
/// Source: Chen et al., Eq. 22, which asks nothing of the rates but a finite sum.
public struct MeasuredSchedule: UpdateSchedule {
  /// r_1, r_2, ..., each from 0 to 1 and not all 0.
  public let rates: [Double]
  /// Σ ε_n r_n / Σ r_n.
  public let meanLearningRate: Double

  /// Creates a schedule; cost and memory O(N).
  public init(rates: [Double]) {
    precondition(rates.allSatisfy((0...1).contains), "rates must be from 0 to 1")
    let total = rates.reduce(0, +)
    precondition(total > 0, "nothing is written in \(rates.count) updates")
    self.rates = rates
    let weighted = rates.enumerated().reduce(0) { sum, item in
      sum + item.element / Double(item.offset + 1).squareRoot()
    }
    meanLearningRate = weighted / total
  }

  /// N.
  public var updates: Int? { rates.count }

  /// ln r_n, -infinity where nothing was written.
  public func logarithmOfRate(at update: Int) -> Double {
    check(update)
    return log(rates[update - 1])
  }

  /// 1/√n.
  public func learningRate(at update: Int) -> Double {
    check(update)
    return 1 / Double(update).squareRoot()
  }
}
