internal import Foundation
internal import LearningProblem
internal import NumericalKit

/// The negative phase of contrastive divergence: what the machine itself would show, a few steps of
/// block Gibbs sampling away from a sample. `[boltzmann.contrastive]`
///
///   S_i = ±1 with P(S_i = 1) = 1/(1 + exp(-2 h_i)), x' = (D/√d) Σ_i S_i w_i + √D z, h' = w x'/√d,
///
/// k times, from the fields h of the sample on. It stands in for the average over the machine in
/// the pull on the weights. `[boltzmann.drive]` Each sample draws K words and d normals per Gibbs
/// step.
struct ContrastiveDivergence {
  private let gibbsSteps: Int
  private let variance: Double
  private var stream: RandomStream
  private var fields: [Double]  // h, then h'
  private var products: [Float]
  private var coefficients: [Float]

  /// Nil if the machine's average is taken exactly, or if there is no machine.
  init?(_ dynamics: Dynamics, stream: RandomStream) {
    guard let machine = dynamics.problem.network.machine, machine.contrastiveDivergence > 0 else {
      return nil
    }
    gibbsSteps = machine.contrastiveDivergence
    variance = machine.variance
    self.stream = stream
    fields = [Double](repeating: 0, count: machine.hiddenUnits)
    products = [Float](repeating: 0, count: 8)
    coefficients = products
  }

  /// Adds strength · tanh(h'_k) x'/√d to the gradient of each unit k, for a sample with fields h.
  ///
  /// Costs k steps of 4 ns per normal number and of 4 K d operations, which one row alone does
  /// slowly.
  mutating func addNegativePhase(
    of sampleFields: [Double], strength: Double, weights: Weights, to gradient: inout [Float]
  ) {
    let scale = 1 / Double(weights.dimension).squareRoot()
    fields = sampleFields
    var visible = dream(weights)
    for _ in 1..<gibbsSteps { visible = dream(weights) }
    for k in 0..<weights.units {
      coefficients[0] = Float(strength * scale * tanh(fields[k]))
      visible.accumulate(
        rows: [0], coefficients: coefficients[...], into: &gradient, at: k * weights.dimension)
    }
  }

  /// One Gibbs step: hidden units from the fields, visible units x' from these, and the fields of
  /// x'.
  private mutating func dream(_ weights: Weights) -> FloatMatrix {
    let (units, dimension) = (weights.units, weights.dimension)
    let scale = 1 / Double(dimension).squareRoot()
    let pulls = fields.map { field in
      Float(stream.uniform() < 1 / (1 + exp(-2 * field)) ? variance * scale : -variance * scale)
    }
    let deviation = Float(variance.squareRoot())
    let visible = FloatMatrix(rows: 1, columns: dimension) { _, values in
      stream.fillNormals(&values)
      for j in 0..<dimension {
        var mean: Float = 0
        for k in 0..<units { mean += pulls[k] * weights.floats[k * dimension + j] }
        values[j] = mean + deviation * values[j]
      }
    }
    for k in 0..<units {
      visible.multiply(rows: [0], by: weights.unit(k), into: &products, at: 0)
      fields[k] = scale * Double(products[0])
    }
    return visible
  }
}
