internal import LearningProblem
internal import NumericalKit

/// The data term of the gradient: Σ_μ σ s_μ g_k(y_μ, h_μ) x_μ/√d. `[problem.gradient]`
///
/// Rows are taken in blocks that fit the cache, so that the inputs are read from memory once for the
/// fields and the gradient together, and only the rows that are asked for.
struct GradientSweep {
  /// Rows of a block: 16 x 2000 Floats are 128 kB, a quarter of a core's cache.
  static let blockRows = 16

  /// The gradient summed so far, K vectors of d entries.
  private(set) var gradient: [Float]
  /// Σ_μ Λ(y_μ, h_μ) over the rows visited since `reset`.
  private(set) var loss = 0.0
  /// Σ_μ of the training error over the same rows.
  private(set) var error = 0.0
  /// Σ_μk |h_μk| over those of these rows that were not only observed. `[observable.activity]`
  private(set) var activity = 0.0
  /// Σ_μk ∂²Λ/∂h_k² over the rows visited. `[observable.weightnoise]`
  private(set) var curvature = 0.0

  private let set: TrainingSet
  private let objective: Objective
  private let strength: Double
  private let scale: Double
  private var fields: [Float]
  private var coefficients: [Float]
  private var sampleFields: [Double]
  private var sampleGradient: [Double]
  private var sampleHessian: [Double]
  private var forwardNoise: ForwardNoise?

  init(_ problem: Problem, set: TrainingSet, noise: RandomStream) {
    let units = problem.hiddenUnits
    self.set = set
    objective = problem.objective
    strength = problem.gradientStrength
    scale = 1 / Double(set.inputs.columns).squareRoot()
    gradient = [Float](repeating: 0, count: units * set.inputs.columns)
    fields = [Float](repeating: 0, count: units * Self.blockRows)
    coefficients = fields
    sampleFields = [Double](repeating: 0, count: units)
    sampleGradient = sampleFields
    sampleHessian = [Double](repeating: 0, count: units * units)
    forwardNoise = ForwardNoise(problem, set: set, stream: noise)
  }

  /// Starts a new gradient, new sums and a new forward pass with its own noise.
  mutating func reset() {
    gradient = [Float](repeating: 0, count: gradient.count)
    loss = 0
    error = 0
    activity = 0
    curvature = 0
    forwardNoise?.draw()
  }

  /// Adds the loss and error of `rows`, their activity and gradient unless they are only observed.
  ///
  /// Costs 4 K d operations per row (2 K d if only observed) and one reading of the row.
  mutating func visit(_ rows: [Int], weights: Weights, onlyObserve: Bool = false) {
    var first = 0
    while first < rows.count {
      let block = rows[first..<min(first + Self.blockRows, rows.count)]
      for k in 0..<weights.units {
        set.inputs.multiply(
          rows: block, by: weights.unit(k), into: &fields, at: k * Self.blockRows)
      }
      if let forwardNoise {
        for k in 0..<weights.units {
          for (position, row) in block.enumerated() {
            fields[k * Self.blockRows + position] += forwardNoise[row, k] / Float(scale)
          }
        }
      }
      evaluate(block, units: weights.units)
      if !onlyObserve {
        for k in 0..<weights.units {
          for h in fields[k * Self.blockRows..<k * Self.blockRows + block.count] {
            activity += scale * Double(abs(h))
          }
        }
        for k in 0..<weights.units {
          set.inputs.accumulate(
            rows: block,
            coefficients: coefficients[k * Self.blockRows..<(k + 1) * Self.blockRows],
            into: &gradient, at: k * weights.dimension)
        }
      }
      first += Self.blockRows
    }
  }

  /// Turns the fields of a block into coefficients σ g_k/√d, zeros behind its last row.
  private mutating func evaluate(_ block: ArraySlice<Int>, units: Int) {
    for (position, row) in block.enumerated() {
      for k in 0..<units {
        sampleFields[k] = scale * Double(fields[k * Self.blockRows + position])
      }
      let value = Self.evaluate(
        objective, set.labels[row], sampleFields, &sampleGradient, &sampleHessian)
      loss += value.loss
      error += value.error
      curvature += value.curvature
      for k in 0..<units {
        coefficients[k * Self.blockRows + position] = Float(strength * scale * sampleGradient[k])
      }
    }
    for position in block.count..<Self.blockRows {
      for k in 0..<units { coefficients[k * Self.blockRows + position] = 0 }
    }
  }

  private static func evaluate(
    _ objective: Objective, _ label: Double, _ fields: [Double], _ gradient: inout [Double],
    _ hessian: inout [Double]
  ) -> Objective.Value {
    var g = gradient.mutableSpan
    var h = hessian.mutableSpan
    return objective.evaluate(label: label, fields: fields.span, gradient: &g, hessian: &h)
  }
}
