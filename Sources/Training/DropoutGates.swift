internal import LearningProblem
internal import NumericalKit

/// The gates of the learning passes of a block of samples: what stays is scaled by 1/(1 - p), what
/// is left out is 0. `[problem.dropout]` `[replica.site]`
///
/// Every sample draws one word per hidden unit and then one per input (each only if some are left
/// out), anew at every step, in the order in which samples learn.
struct DropoutGates {
  private let dropout: Dropout
  private let units: Int
  private var stream: RandomStream
  private let switches: (any SwitchLaw)?
  private var law: SwitchStep?  // of the gates at this step
  private var density = 1.0  // of the gates at this step
  private var memory: [Bool]
  private var hidden: [Double]
  private var words: [UInt32]

  /// Nil without dropout.
  init?(_ dynamics: Dynamics, dimension: Int, samples: Int, stream: RandomStream) {
    switches = dynamics.gates
    guard switches != nil || dynamics.rule.dropout.inputs > 0 else { return nil }
    memory = [Bool](
      repeating: false, count: switches == nil ? 0 : samples * dynamics.hiddenUnits)
    dropout = dynamics.rule.dropout
    units = dynamics.hiddenUnits
    self.stream = stream
    hidden = [Double](repeating: 1, count: units * GradientSweep.blockRows)
    words = [UInt32](repeating: 0, count: dropout.inputs > 0 ? dimension : 0)
  }

  /// Starts a step.
  mutating func begin(step: Int) {
    law = switches.map { SwitchStep($0, step: step) }
    density = switches?.density(at: step) ?? 1
  }

  /// Draws the gates of the samples in `rows`, in order.
  ///
  /// Returns x_j ξ_j, a row for each of them; nil if all inputs are kept. About 3 ns per input.
  mutating func present(_ rows: ArraySlice<Int>, of inputs: FloatMatrix) -> FloatMatrix? {
    guard dropout.inputs > 0 else {
      for (position, row) in rows.enumerated() { drawHidden(position, row) }
      return nil
    }
    let scale = Float(1 / (1 - dropout.inputs))
    let kept = BernoulliThreshold(probability: 1 - dropout.inputs)
    return FloatMatrix(rows: rows.count, columns: inputs.columns) { position, values in
      drawHidden(position, rows[rows.startIndex + position])
      Self.fill(&words, from: &stream)
      let row = inputs[rows[rows.startIndex + position]]
      for j in row.indices {
        values[j] = kept.isMet(by: words[j]) ? row[j] * scale : 0
      }
    }
  }

  /// ξ_k of the sample at `position` of the block, for the readout a_ok at `index` o K + k.
  subscript(position: Int, index: Int) -> Double { hidden[position * units + index % units] }

  private mutating func drawHidden(_ position: Int, _ row: Int) {
    guard let law else { return }
    for k in 0..<units {
      let site = row * units + k
      let probability = law.probabilityOn(memory: memory[site])
      let isOpen = BernoulliThreshold(probability: probability).isMet(by: stream.nextWord())
      memory[site] = law.memory(after: memory[site], isOn: isOpen)
      hidden[position * units + k] = isOpen ? 1 / density : 0
    }
  }

  private static func fill(_ words: inout [UInt32], from stream: inout RandomStream) {
    var span = words.mutableSpan
    stream.fillWords(&span)
  }
}
