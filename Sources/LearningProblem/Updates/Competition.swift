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

  /// θ where the synapses of each part stand for `weight` synapses each: the fraction p of all
  /// these lies above it. O(n log n). `[inputs.weight]`
  public static func threshold(
    _ parts: [(scores: [Double], weight: Double)], winningFraction p: Double
  ) -> Double {
    if let first = parts.first, parts.allSatisfy({ $0.weight == first.weight }) {
      var scores = parts.flatMap(\.scores)
      return threshold(&scores, winningFraction: p)
    }
    let sorted = parts.flatMap { part in part.scores.map { (score: $0, weight: part.weight) } }
      .sorted { $0.score < $1.score }
    var losing = (1 - p) * sorted.reduce(0) { $0 + $1.weight }
    for (index, entry) in sorted.enumerated() {
      // The one at which the sum comes closest.
      if losing < 0.5 * entry.weight { return index > 0 ? sorted[index - 1].score : -.infinity }
      losing -= entry.weight
    }
    return sorted.last?.score ?? -.infinity
  }
}
