/// Systematic sampling of switches: every member of a group is on with its own probability, and the
/// number that is on misses its expectation by less than one. `[sampling.balanced]`
struct SystematicDraw {
  /// A_{i-1} + U of the next member of each group.
  private var positions: [Double]

  /// Starts with the fractional parts of `positions`, one per group.
  init(positions: [Double]) { self.positions = positions }

  /// Whether the next member of `group` is on, with probability `probability`.
  mutating func next(probability: Double, group: Int) -> Bool {
    let before = positions[group].rounded(.down)
    positions[group] += probability
    return positions[group].rounded(.down) > before
  }
}
