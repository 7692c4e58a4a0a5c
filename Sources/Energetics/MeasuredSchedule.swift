internal import Foundation

/// The rates of a run, and the drive that follows from the variance of its own weights.
/// `[bounds.run]`
///
/// r_n is the fraction of the weights that were written at update n, and ε_n = ε_N σ²(w_n)/σ²(w_N):
/// the model's drive, which is proportional to the variance of the weights, with its constant
/// fixed by the law kT ε_N/δ of the last update.
///
/// Source: Chen et al., Eqs. 11, 18 and 22; the constant for a finite run is ours.
public struct MeasuredSchedule: UpdateSchedule {
  /// r_1, r_2, ..., each from 0 to 1 and not all 0.
  public let rates: [Double]
  /// ε_1, ε_2, ..., above 1 where the variance falls far enough.
  public let learningRates: [Double]
  /// Σ ε_n r_n / Σ r_n.
  public let meanLearningRate: Double

  /// Creates a schedule; cost and memory O(N).
  ///
  /// - Parameters:
  ///   - rates: r_n, each from 0 to 1 and not all 0.
  ///   - variances: σ²(w_n) after update n, as many as `rates`, at least 0 and in the end above.
  ///   - lastLearningRate: ε_N, the learning rate of the last update in units of the largest one.
  public init(rates: [Double], variances: [Double], lastLearningRate: Double) {
    precondition(rates.allSatisfy((0...1).contains), "rates must be from 0 to 1")
    precondition(
      variances.count == rates.count && variances.allSatisfy { $0 >= 0 && $0.isFinite },
      "\(rates.count) updates have \(variances.count) variances, which must be at least 0")
    precondition(
      lastLearningRate > 0 && lastLearningRate <= 1,
      "the last learning rate must be in (0, 1], got \(lastLearningRate)")
    let total = rates.reduce(0, +)
    precondition(total > 0, "nothing is written in \(rates.count) updates")
    let last = variances.last ?? 0
    precondition(last > 0, "the variance of the weights must be above 0 in the end")
    self.rates = rates
    learningRates = variances.map { lastLearningRate * $0 / last }
    meanLearningRate = zip(rates, learningRates).reduce(0) { $0 + $1.0 * $1.1 } / total
  }

  /// N.
  public var updates: Int? { rates.count }

  /// ln r_n, -infinity where nothing was written.
  public func logarithmOfRate(at update: Int) -> Double {
    check(update)
    return log(rates[update - 1])
  }

  /// ε_N σ²(w_n)/σ²(w_N).
  public func learningRate(at update: Int) -> Double {
    check(update)
    return learningRates[update - 1]
  }
}
