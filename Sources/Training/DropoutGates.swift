internal import LearningProblem
internal import NumericalKit

/// The gates of the learning passes of a block of samples: what stays is scaled by 1/(1 - p), what is
/// left out is 0. `[problem.dropout]`
///
/// Every sample draws one word per hidden unit and then one per input (each only if its p > 0), anew at
/// every step, in the order in which samples learn: a gate is open if (word + 1/2) 2^-32 < 1 - p.
struct DropoutGates {
  private let dropout: Dropout
  private let units: Int
  private var stream: RandomStream
  private var hidden: [Double]
  private var words: [UInt32]

  /// Nil without dropout.
  init?(_ problem: Problem, dimension: Int, stream: RandomStream) {
    guard !problem.dropout.isNone else { return nil }
    dropout = problem.dropout
    units = problem.hiddenUnits
    self.stream = stream
    hidden = [Double](repeating: 1, count: units * GradientSweep.blockRows)
    words = [UInt32](repeating: 0, count: dropout.inputs > 0 ? dimension : 0)
  }

  /// Draws the gates of the samples in `rows`, in order.
  ///
  /// Returns x_j ξ_j, a row for each of them; nil if all inputs are kept. About 3 ns per input.
  mutating func present(_ rows: ArraySlice<Int>, of inputs: FloatMatrix) -> FloatMatrix? {
    guard dropout.inputs > 0 else {
      for position in 0..<rows.count { drawHidden(position) }
      return nil
    }
    let scale = Float(1 / (1 - dropout.inputs))
    return FloatMatrix(rows: rows.count, columns: inputs.columns) { position, values in
      drawHidden(position)
      Self.fill(&words, from: &stream)
      let row = inputs[rows[rows.startIndex + position]]
      for j in row.indices {
        values[j] = Self.isOpen(words[j], dropout.inputs) ? row[j] * scale : 0
      }
    }
  }

  /// ξ_k of the sample at `position` of the block, for the readout a_ok at `index` o K + k.
  subscript(position: Int, index: Int) -> Double { hidden[position * units + index % units] }

  private mutating func drawHidden(_ position: Int) {
    guard dropout.hidden > 0 else { return }
    for k in 0..<units {
      let isOpen = Self.isOpen(stream.nextWord(), dropout.hidden)
      hidden[position * units + k] = isOpen ? 1 / (1 - dropout.hidden) : 0
    }
  }

  private static func isOpen(_ word: UInt32, _ dropped: Double) -> Bool {
    (Double(word) + 0.5) * 0x1p-32 < 1 - dropped
  }

  private static func fill(_ words: inout [UInt32], from stream: inout RandomStream) {
    var span = words.mutableSpan
    stream.fillWords(&span)
  }
}
