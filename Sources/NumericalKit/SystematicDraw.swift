/// Systematic sampling of switches: every member of a group is on with its own probability, and the
/// number that is on misses its expectation by less than one. `[sampling.balanced]`
public struct SystematicDraw: Sendable {
  /// A_{i-1} + U of the next member of each group.
  private var positions: [Double]

  /// Starts at `positions`, one per group.
  public init(positions: [Double]) { self.positions = positions }

  /// Whether the next member of `group` is on, with probability `probability`.
  public mutating func next(probability: Double, group: Int) -> Bool {
    // Positions are positive, where conversion rounds down.
    let before = positions[group]
    let after = before + probability
    positions[group] = after
    return Int(after) > Int(before)
  }

  /// How many members each of so many groups has; `groupOf` names the group of each member.
  @inlinable
  public static func members(of groups: Int, _ groupOf: some Sequence<Int>) -> [Int] {
    var members = [Int](repeating: 0, count: groups)
    for group in groupOf { members[group] += 1 }
    return members
  }

  /// The place in the draw where each block's members of each group start, [lane][block][group]:
  /// one uniform number per group.
  ///
  /// - Parameters:
  ///   - members: how many members of each group a block has, [lane][block][group].
  ///   - groups: the number of groups.
  ///   - stream: where the uniform numbers come from.
  ///   - probability: that of a member of a group.
  public static func starts(
    members: [[[Int]]], groups: Int, stream: inout RandomStream, probability: (Int) -> Double
  ) -> [[[Double]]] {
    var running = (0..<groups).map { _ in stream.uniform() }
    let steps = (0..<groups).map(probability)
    return members.map { lane in
      lane.map { block in
        let start = running
        for group in running.indices { running[group] += Double(block[group]) * steps[group] }
        return start.map { $0 - $0.rounded(.down) }
      }
    }
  }
}
