internal import LearningProblem
internal import NumericalKit

/// What probes under the closed sites of a plan follow: the kernels of a finished march.
///
/// Made once for an exact march, whatever the number of batches.
struct Probes: Sendable {
  /// Columns of a group of trajectories that are followed together: its history, 2 MB at 1000 rows,
  /// is all that a thread holds.
  static let groupWidth = 512

  /// What sampled data points follow; nil if none are needed.
  let samples: SampleProbe.Kernels?
  /// What sampled weights follow; nil if none are needed.
  let weights: WeightProbe.Kernels?

  /// What `body` makes of `count` trajectories, or pairs of these, in at least two groups of up to
  /// `width` (its number and members), in order. `onStep` is told `steps` steps, spread over the
  /// groups.
  static func groups<Result: Sendable>(
    of count: Int, width: Int, steps: Int, parallel: ParallelFor,
    onStep: @escaping @Sendable (Int) -> Void, _ body: @Sendable (Int, Range<Int>) -> Result
  ) -> [Result] {
    let width = min(width, (count + 1) / 2)
    let number = (count + width - 1) / width
    var results = [Result?](repeating: nil, count: number)
    parallel.update(&results) { group, result in
      result = body(group, group * width..<min(count, (group + 1) * width))
      for step in group * steps / number..<(group + 1) * steps / number { onStep(step) }
    }
    return results.compactMap { $0 }
  }

  /// The sums of all groups at each index, in order.
  static func total(_ groups: [[ControlledSums]]) -> [ControlledMean] {
    groups[0].indices.map { index in
      var mean = ControlledMean()
      for (group, sums) in groups.enumerated() { mean.add(sums[index], group: group) }
      return mean
    }
  }
}
