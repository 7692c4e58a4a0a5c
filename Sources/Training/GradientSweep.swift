internal import LearningProblem
internal import NumericalKit
internal import Observables

/// The data term of the gradient: Σ_μ σ s_μ g_k(y_μ, h_μ) x_μ/√d. `[problem.gradient]`
///
/// Rows are taken in blocks that fit the cache, so that the inputs are read from memory once for
/// the fields and the gradient together, and only the rows that are asked for. A learning pass is
/// observed as well, unless units or inputs are left out of it. `[problem.dropout]`
struct GradientSweep {
  /// Rows of a block: 16 x 2000 Floats are 128 kB, a quarter of a core's cache.
  static let blockRows = 16

  /// The gradient summed so far, K vectors of d entries.
  private(set) var gradient: [Float]
  /// Σ_μ σ s_μ ∂Λ/∂a. `[network.readout]`
  private(set) var readoutGradient: [Double]
  /// Sums over the rows observed, and over those of learning passes, since `reset`.
  private(set) var measured = SampleSums()
  /// Whether `learn` observes its rows: not if they leave out something.
  let learningObserves: Bool

  private let set: TrainingSet
  private let dynamics: Dynamics
  private var strength = 1.0
  private let scale: Double
  private var readout: [Double] = []
  private var evaluator: SampleEvaluator
  private var fields: [Float]
  private var coefficients: [Float]
  /// The rows of a block as they are evaluated.
  private var seen: SampleBlock
  private var forwardNoise: ForwardNoise?
  private var dropout: DropoutGates?
  private var contrast: ContrastiveDivergence?
  // Asked of every sample, where `contrast != nil` would copy the whole structure.
  private let isContrastive: Bool

  init(_ dynamics: Dynamics, set: TrainingSet, stream: (RandomStream.Purpose) -> RandomStream) {
    let units = dynamics.hiddenUnits
    self.set = set
    evaluator = SampleEvaluator(dynamics.objective, readout: dynamics.readout.initial)
    self.dynamics = dynamics
    scale = 1 / Double(set.inputs.columns).squareRoot()
    gradient = [Float](repeating: 0, count: units * set.inputs.columns)
    readoutGradient = evaluator.readoutGradient
    fields = [Float](repeating: 0, count: units * Self.blockRows)
    coefficients = fields
    seen = SampleBlock(
      answers: [], variances: Array(repeating: 0, count: Self.blockRows),
      fields: Array(repeating: Array(repeating: 0, count: Self.blockRows), count: units))
    forwardNoise = ForwardNoise(
      dynamics, meanSquares: set.meanSquares, stream: stream(.forwardNoise))
    dropout = DropoutGates(
      dynamics, dimension: set.inputs.columns, samples: set.labels.count, stream: stream(.dropout))
    contrast = ContrastiveDivergence(dynamics, stream: stream(.gibbs))
    learningObserves = dropout == nil
    isContrastive = contrast != nil
  }

  /// Starts a new gradient at the given readout, new sums and a new forward pass with its own
  /// noise.
  mutating func reset(step: Int, readout: [Double]) {
    self.readout = readout
    strength = dynamics.strength(at: step)
    dropout?.begin(step: step)
    evaluator.readout = readout
    gradient = [Float](repeating: 0, count: gradient.count)
    readoutGradient = [Double](repeating: 0, count: readout.count)
    measured = SampleSums()
    forwardNoise?.draw(at: step)
  }

  /// Adds the gradient and the activity of `rows`.
  ///
  /// Costs 4 K d operations per row and one reading of the row.
  mutating func learn(_ rows: [Int], weights: Weights) {
    for block in Self.blocks(of: rows) {
      let whole = set.inputs
      let gated = dropout?.present(block, of: whole)
      let inputs = gated ?? whole
      let presented = gated == nil ? block : Array(0..<block.count)[...]
      takeFields(of: block, from: inputs, rows: presented, weights: weights)
      begin(block)
      for (position, row) in block.enumerated() { learn(position, row: row, weights: weights) }
      if learningObserves { measured.add(seen, .whole) }
      measured.add(seen, .learning)
      for position in block.count..<Self.blockRows {
        for k in 0..<weights.units { coefficients[k * Self.blockRows + position] = 0 }
      }
      for k in 0..<weights.units {
        let first = k * Self.blockRows
        inputs.accumulate(
          rows: presented, coefficients: coefficients[first..<first + Self.blockRows],
          into: &gradient, at: k * weights.dimension)
      }
    }
  }

  /// Adds what the whole network makes of `rows` to the sums: 2 K d operations per row.
  mutating func observe(_ rows: [Int], weights: Weights) {
    evaluator.readout = readout
    for block in Self.blocks(of: rows) {
      takeFields(of: block, from: set.inputs, rows: block, weights: weights)
      begin(block)
      for (position, row) in block.enumerated() { evaluate(position, row: row) }
      measured.add(seen, .whole)
    }
  }

  private static func blocks(of rows: [Int]) -> some Sequence<ArraySlice<Int>> {
    stride(from: 0, to: rows.count, by: blockRows).lazy.map { first in
      rows[first..<min(first + blockRows, rows.count)]
    }
  }

  /// Turns the fields of one sample into coefficients σ g_k/√d, and adds what else it gives.
  @inline(__always)
  private mutating func learn(_ position: Int, row: Int, weights: Weights) {
    if !learningObserves { gateReadout(position) }
    evaluate(position, row: row)
    for k in 0..<weights.units {
      coefficients[k * Self.blockRows + position] =
        Float(strength * scale * evaluator.gradient[k])
    }
    if !readout.isEmpty { addReadoutGradient(position) }
    if isContrastive {
      let (sampleFields, strength) = (evaluator.fields, strength)
      contrast?.addNegativePhase(
        of: sampleFields, strength: strength, weights: weights, to: &gradient)
    }
  }

  /// a_ok ξ_k of the sample at `position` of the block.
  private mutating func gateReadout(_ position: Int) {
    guard let dropout else { return }
    for index in readout.indices {
      evaluator.readout[index] = readout[index] * dropout[position, index]
    }
  }

  /// σ ξ_k ∂Λ/∂(a_ok ξ_k).
  private mutating func addReadoutGradient(_ position: Int) {
    for index in readout.indices {
      let gate = dropout?[position, index] ?? 1
      readoutGradient[index] += strength * gate * evaluator.readoutGradient[index]
    }
  }

  /// Starts a block of samples to be measured on, whose fields have been taken.
  private mutating func begin(_ block: ArraySlice<Int>) {
    seen.answers.removeAll(keepingCapacity: true)
    Self.take(set.variances, at: block, into: &seen.variances)
    for k in seen.fields.indices {
      Self.take(fields, from: k * Self.blockRows, times: scale, into: &seen.fields[k])
    }
  }

  private static func take(
    _ variances: [Double], at rows: ArraySlice<Int>, into values: inout [Double]
  ) {
    var span = values.mutableSpan
    for (position, row) in rows.enumerated() { span[position] = variances[row] }
  }

  private static func take(
    _ fields: [Float], from first: Int, times scale: Double, into values: inout [Double]
  ) {
    var span = values.mutableSpan
    for position in span.indices { span[position] = scale * Double(fields[first + position]) }
  }

  /// Takes Λ and its derivatives for the sample at `position` of the block.
  @inline(__always)
  private mutating func evaluate(_ position: Int, row: Int) {
    for k in evaluator.fields.indices { evaluator.fields[k] = seen.fields[k][position] }
    seen.answers.append(evaluator.evaluate(label: set.labels[row]))
  }

  /// √d h_k of a block, which stands in `rows` of `inputs`, with the noise of this forward pass.
  private mutating func takeFields(
    of block: ArraySlice<Int>, from inputs: FloatMatrix, rows: ArraySlice<Int>, weights: Weights
  ) {
    for k in 0..<weights.units {
      inputs.multiply(rows: rows, by: weights.unit(k), into: &fields, at: k * Self.blockRows)
    }
    guard let forwardNoise else { return }
    for k in 0..<weights.units {
      for (position, row) in block.enumerated() {
        fields[k * Self.blockRows + position] += forwardNoise[row, k] / Float(scale)
      }
    }
  }
}
