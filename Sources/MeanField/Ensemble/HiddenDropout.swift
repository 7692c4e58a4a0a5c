internal import LearningProblem
internal import NumericalKit

/// Which hidden units learn from each sampled data point. `[problem.dropout]` `[replica.site]`
///
/// Of every unit a block switches on its share of the trajectories, up to one (of those that were
/// on and off before, if switches have a memory): a systematic draw in the order of the gradients,
/// unit by unit, which keeps the mean gradient of the unit as well. `[sampling.balanced]`
struct HiddenDropout: Sendable {
  private let law: any SwitchLaw
  private let groups: Int
  private var stream: RandomStream
  private var memory: [[Bool]]
  /// ξ_k/q, [k][trajectory].
  private(set) var gates: [[Double]]

  /// Nil if everything always learns.
  init?(_ law: (any SwitchLaw)?, units: Int, width: Int, stream: RandomStream) {
    guard let law else { return nil }
    self.law = law
    groups = law.correlation == 0 ? 1 : 2
    self.stream = stream
    gates = Array(repeating: [Double](repeating: 0, count: width), count: units)
    memory = Array(repeating: [Bool](repeating: false, count: width), count: units)
  }

  /// Draws the gates of one step, where `gradient`, [k][trajectory], is what they let through.
  mutating func draw(step: Int, gradient: [[Double]]) {
    let switches = SwitchStep(law, step: step)
    for k in gates.indices {
      var draw = SystematicDraw(positions: (0..<groups).map { _ in stream.uniform() })
      let key = gradient[k]
      for j in gates[k].indices.sorted(by: { key[$0] < key[$1] }) {
        let isOn = draw.next(
          probability: switches.probabilityOn(memory: memory[k][j]),
          group: groups == 2 && memory[k][j] ? 1 : 0)
        gates[k][j] = isOn ? 1 / law.density(at: step) : 0
        memory[k][j] = switches.memory(after: memory[k][j], isOn: isOn)
      }
    }
  }
}
