internal import LearningProblem
internal import NumericalKit

/// Which trajectories of a block learn at one step, and how likely that was.
struct Presence: Sendable {
  /// a, the probability of each trajectory at given past. `[sampling.conditional]`
  fileprivate(set) var conditional: [Double]
  /// s.
  fileprivate(set) var isOn: [Bool]

  /// A full batch.
  init(all width: Int) {
    conditional = [Double](repeating: 1, count: width)
    isOn = [Bool](repeating: true, count: width)
  }
}

/// The sample mask of a block of trajectories as time passes.
struct TrajectoryMask: Sendable {
  private let law: any SwitchLaw
  private var memory: [Bool]

  init(_ law: any SwitchLaw, width: Int) {
    self.law = law
    memory = [Bool](repeating: false, count: width)
  }

  /// The group of trajectory j in a systematic draw: cluster and memory.
  private func group(_ j: Int, _ trajectories: Trajectories) -> Int {
    2 * trajectories.cluster(j) + (memory[j] ? 1 : 0)
  }

  /// How many trajectories each of so many groups has.
  func members(of groups: Int, _ trajectories: Trajectories) -> [Int] {
    SystematicDraw.members(of: groups, memory.indices.lazy.map { group($0, trajectories) })
  }

  /// Draws the mask of `step` by systematic sampling within each group, in the order of `gradient`;
  /// `starts[group]` is where this block's members start. `[sampling.balanced]`
  mutating func draw(
    step: Int, _ trajectories: Trajectories, by gradient: [Double], starts: [Double]
  ) -> Presence {
    let law = SwitchStep(law, step: step)
    var presence = Presence(all: memory.count)
    var draw = SystematicDraw(positions: starts)
    for j in DenseVector.ascendingOrder(gradient) {
      let a = law.probabilityOn(memory: memory[j])
      presence.conditional[j] = a
      presence.isOn[j] = draw.next(probability: a, group: group(j, trajectories))
    }
    for j in memory.indices {
      memory[j] = law.memory(after: memory[j], isOn: presence.isOn[j])
    }
    return presence
  }
}
