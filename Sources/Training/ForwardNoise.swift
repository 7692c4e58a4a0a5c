internal import LearningProblem
internal import NumericalKit

/// What the noise of the weights adds to the fields of one forward pass: σ |x_μ|/√d N(0, 1).
/// `[site.weightnoise]`
///
/// Fresh for every sample, unit and pass. All are drawn, visited or not, so that the path does not
/// depend on what is observed. About 4 ns each.
struct ForwardNoise {
  private let sigma: Schedule
  private let grid: TimeGrid
  private let sizes: [Double]  // |x_μ|/√d
  private var deviations: [Float]  // of each sample, at the last pass
  private let units: Int
  private var stream: RandomStream
  private var normals: [Float]

  /// The noise in fields of samples with |x_μ|²/d = `meanSquares`; nil if the weights have none.
  init?(
    _ dynamics: Dynamics, meanSquares: @autoclosure () -> [Double], stream: RandomStream
  ) {
    guard !dynamics.rule.weightNoise.isNone else { return nil }
    sigma = dynamics.rule.weightNoise.sigma
    grid = dynamics.grid
    sizes = meanSquares().map { $0.squareRoot() }
    deviations = Self.deviations(grid.value(of: sigma, at: 0), sizes)
    units = dynamics.hiddenUnits
    self.stream = stream
    normals = [Float](repeating: 0, count: deviations.count * units)
  }

  private static func deviations(_ sigma: Double, _ sizes: [Double]) -> [Float] {
    sizes.map { Float(sigma * $0) }
  }

  /// A new forward pass, at a step or after the last of them.
  mutating func draw(at step: Int) {
    if !sigma.isConstant { deviations = Self.deviations(grid.value(of: sigma, at: step), sizes) }
    Self.fill(&normals, from: &stream)
  }

  private static func fill(_ normals: inout [Float], from stream: inout RandomStream) {
    var span = normals.mutableSpan
    stream.fillNormals(&span)
  }

  /// What is added to h_k of sample `row`.
  subscript(row: Int, k: Int) -> Float { deviations[row] * normals[row * units + k] }
}
