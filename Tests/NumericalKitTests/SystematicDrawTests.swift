import NumericalKit
import Testing

/// Switches of which the right number is on, over all blocks. `[sampling.balanced]`
@Suite("Systematic draw")
struct SystematicDrawTests {
  private static let probabilities = [0.3, 0.45, 0.2]
  /// The groups of the members of each block, in two lanes.
  private static let lanes: [[[Int]]] = [
    [[0, 1, 0, 0, 1, 0, 1], [1, 1, 1, 0, 1]], [[0, 0, 1, 0, 2, 0, 0, 1, 0, 0, 0], [2, 1]],
  ]

  @Test("members of groups are counted")
  func members() {
    #expect(SystematicDraw.members(of: 4, Self.lanes[1][0]) == [8, 2, 1, 0])
    #expect(SystematicDraw.members(of: 2, []) == [0, 0])
  }

  @Test("after each block less than one switch of a group is missing", arguments: 0..<20)
  func balance(index: UInt64) {
    var stream = RandomStream(seed: 3, purpose: .check, index: index)
    let starts = SystematicDraw.starts(
      members: Self.lanes.map { lane in lane.map { SystematicDraw.members(of: 3, $0) } },
      groups: 3, stream: &stream
    ) { Self.probabilities[$0] }
    var missing = [0.0, 0, 0]
    for (blocks, starts) in zip(Self.lanes, starts) {
      for (block, start) in zip(blocks, starts) {
        #expect(start.allSatisfy { $0 >= 0 && $0 < 1 })
        var draw = SystematicDraw(positions: start)
        for group in block {
          let p = Self.probabilities[group]
          missing[group] += p - (draw.next(probability: p, group: group) ? 1 : 0)
        }
        #expect(missing.allSatisfy { abs($0) < 1 }, "\(missing)")
      }
    }
  }

  @Test("each member is on as often as its probability says")
  func probability() {
    var stream = RandomStream(seed: 5, purpose: .check)
    var counts = [Int](repeating: 0, count: 5)
    let draws = 4000
    for _ in 0..<draws {
      var draw = SystematicDraw(positions: [stream.uniform()])
      for member in counts.indices where draw.next(probability: 0.3, group: 0) {
        counts[member] += 1
      }
    }
    let error = (0.3 * 0.7 / Double(draws)).squareRoot()
    for count in counts { #expect(abs(Double(count) / Double(draws) - 0.3) < 5 * error) }
  }
}
