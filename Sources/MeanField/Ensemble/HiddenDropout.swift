internal import NumericalKit

/// Which hidden units each sampled data point leaves out of a learning pass. `[problem.dropout]`
///
/// Of every unit a block leaves out its share of the trajectories, up to one, at random places: a
/// systematic draw in a random order, unit by unit. `[sampling.balanced]`
struct HiddenDropout: Sendable {
  private let kept: Double  // q
  private var stream: RandomStream
  /// ξ_k/q, [k][trajectory].
  private(set) var gates: [[Double]]

  /// Nil without dropout of hidden units.
  init?(fraction: Double, units: Int, width: Int, stream: RandomStream) {
    guard fraction > 0 else { return nil }
    kept = 1 - fraction
    self.stream = stream
    gates = Array(repeating: [Double](repeating: 0, count: width), count: units)
  }

  /// Draws the gates of one step.
  mutating func draw() {
    for k in gates.indices {
      var draw = SystematicDraw(positions: [stream.uniform()])
      for j in gates[k].indices.shuffled(using: &stream) {
        gates[k][j] = draw.next(probability: kept, group: 0) ? 1 / kept : 0
      }
    }
  }
}
