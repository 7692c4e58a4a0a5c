internal import NumericalKit

/// What becomes of the rows of a frame after a step, for every block of trajectories.
struct FrameStep: Sendable {
  /// Merges of kicks, one after the other, and how the noise turns; all of flat rows.
  struct Merge: Sendable {
    var kicks: [RowMerge]
    var noise: RowMerge
  }

  /// The noise of the next step.
  var noise: [NoiseCompletion]
  /// When kicks and noise are complete; nil if nothing is merged.
  var merge: Merge?

  /// The weights of the rows of noise before the merge in combinations of those after it.
  func beforeMerge(noise rows: [[Double]]) -> [[Double]] {
    guard let merge else { return rows }
    return rows.map(merge.noise.spread)
  }

  /// The weights of the rows of kicks before the merge in combinations of those after it.
  func beforeMerge(kicks rows: [[Double]]) -> [[Double]] {
    guard let merge else { return rows }
    return rows.map { row in merge.kicks.reversed().reduce(row) { $1.spread($0) } }
  }
}
