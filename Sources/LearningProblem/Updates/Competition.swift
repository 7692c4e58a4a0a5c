internal import NumericalKit

/// Who wins when synapses compete for a step. `[update.rules]`
public enum Competition {
  /// θ: the largest score that does not win, so that the fraction p of `scores` lies above it.
  ///
  /// `scores` holds those of all synapses that are on, and is left in a different order. Rounded to
  /// whole synapses; O(n).
  public static func threshold(_ scores: inout [Double], winningFraction p: Double) -> Double {
    let losers = scores.count - Int((p * Double(scores.count)).rounded())
    return OrderStatistic.smallest(losers, of: &scores)
  }
}
