internal import NumericalKit

/// How the trajectories of a probe are dealt into groups that need not know of each other.
/// `[sampling.blocks]`
enum ProbeGroups {
  /// Trajectories of a group at most. Its histories, 2 MB each at 1000 rows, are all that a thread
  /// holds.
  static let width = 512

  /// Follows `count` trajectories, or pairs of these, in at least two groups of up to `width`.
  ///
  /// `body` gets the number of a group and its members; its results are returned in the order of
  /// groups. `onStep` is told `steps` steps, spread over the groups.
  static func follow<Result: Sendable>(
    _ count: Int, width: Int, steps: Int, parallel: ParallelFor,
    onStep: @escaping @Sendable () throws -> Void, _ body: @Sendable (Int, Range<Int>) -> Result
  ) throws -> [Result] {
    let number = number(count, width: width)
    let width = min(width, (count + 1) / 2)
    return try parallel.map(number) { group in
      let result = body(group, group * width..<min(count, (group + 1) * width))
      for _ in group * steps / number..<(group + 1) * steps / number { try onStep() }
      return result
    }
  }

  /// Groups of up to `width` of `count` trajectories, or pairs of these.
  static func number(_ count: Int, width: Int) -> Int {
    let width = min(width, (count + 1) / 2)
    return (count + width - 1) / width
  }

  /// The means over all groups, one for each index of their sums.
  static func means(_ groups: [[ControlledSums]]) -> [ControlledMean] {
    groups[0].indices.map { index in
      var mean = ControlledMean()
      for (group, sums) in groups.enumerated() { mean.add(sums[index], group: group) }
      return mean
    }
  }
}
