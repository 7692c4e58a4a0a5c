import LearningProblem
import NumericalKit
import TestSupport

/// Switches drawn one `uniform()` per site and step; nothing is drawn for full masks.
struct NaiveSwitches {
  let law: any SwitchLaw
  var stream: RandomStream
  var memory: [Bool]

  init(_ law: any SwitchLaw, _ count: Int, _ stream: RandomStream) {
    self.law = law
    self.stream = stream
    memory = [Bool](repeating: false, count: count)
  }

  mutating func next(_ step: Int) -> [Bool] {
    memory.indices.map { site in
      if law.isFull { return true }
      let probability = law.probabilityOn(step: step, memory: memory[site])
      let isOn = stream.uniform() < probability
      memory[site] = law.memory(after: step, memory: memory[site], isOn: isOn)
      return isOn
    }
  }
}

/// M_kj = r_k c_kj, entry by entry.
struct NaiveWeightSwitches {
  let mask: any WeightMask
  let units: Int
  let inputs: Int
  let path: LearningUnits
  var switches: NaiveSwitches

  init(_ problem: Setup, dimension: Int, _ stream: RandomStream) {
    mask = problem.weightMask
    units = problem.hiddenUnits
    inputs = dimension
    path = LearningUnits(problem)
    let isShared = mask is ColumnMask || mask is SubnetMask
    switches = NaiveSwitches(
      problem.dynamics.weightSwitches, isShared ? inputs : units * inputs, stream)
  }

  /// Switches of the weights and of the units.
  mutating func next(_ step: Int, _ gradient: [[Double]]) -> (weights: [Bool], units: [Bool]) {
    let drawn = switches.next(step)
    var c = (0..<units).map { k in Array(drawn[(k * inputs % drawn.count)...].prefix(inputs)) }
    var r = path.isOn(step: step, power: [Double](repeating: 0, count: units))
    if case .strongest(let fraction) = mask.units {
      r = r.map { _ in false }
      let powers = c.indices.map { k in
        zip(c[k], gradient[k]).reduce(0) { $0 + ($1.0 ? $1.1 * $1.1 : 0) }
      }
      for _ in 0..<max(1, Int((fraction * Double(units)).rounded())) {
        let losers = r.indices.filter { !r[$0] }
        let best = losers.max { powers[$0] < powers[$1] } ?? 0
        r[best] = true
      }
    }
    for k in c.indices where !r[k] { c[k] = c[k].map { _ in false } }
    return (c.flatMap { $0 }, r)
  }
}

/// The gates of one sample's learning pass, one `uniform()` each.
struct NaiveDropout {
  let dropout: Dropout
  var stream: RandomStream

  mutating func next(units: Int, inputs: Int) -> (hidden: [Double], inputs: [Double]) {
    let hidden = draw(units, dropout.hidden)
    return (hidden, draw(inputs, dropout.inputs))
  }

  private mutating func draw(_ count: Int, _ dropped: Double) -> [Double] {
    (0..<count).map { _ in
      if dropped == 0 { return 1 }
      return stream.uniform() < 1 - dropped ? 1 / (1 - dropped) : 0
    }
  }
}
