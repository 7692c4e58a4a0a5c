internal import LearningProblem

/// What the loss makes of the fields of a block in one pass through the network.
struct Gradients: Sendable {
  /// g = √Δ_a σ ∂Λ/∂h, [k][trajectory].
  let values: [[Double]]
  /// Ĥ = Δ_a σ ∂²Λ/∂h², the derivative of g with respect to the field ζ, [k K + l][trajectory].
  let curvature: [[Double]]
  /// σ ∂Λ/∂a, [index][trajectory]; no rows unless the readout is learned.
  let readout: [[Double]]
  /// The loss, margin and curvature of each trajectory, not scaled.
  let answers: [ObjectiveValue]

  /// Evaluates the objective at all trajectories.
  ///
  /// - Parameters:
  ///   - strength: σ.
  ///   - weights: a, the readout.
  ///   - learnsReadout: whether derivatives with respect to the readout are asked for.
  ///   - gates: ξ_k/q that multiply the readout, [k][trajectory]; nil if all units learn.
  init(
    _ objective: some Objective, at fields: Fields, of trajectories: Trajectories, strength: Double,
    readout weights: [Double], learnsReadout: Bool, gates: [[Double]]?
  ) {
    let (units, width) = (fields.values.count, trajectories.width)
    let (scales, labels) = (trajectories.fieldScales, trajectories.labels)
    var h = [Double](repeating: 0, count: units)
    var g = h
    var hessian = [Double](repeating: 0, count: units * units)
    var gated = weights
    var slopes = weights.isEmpty ? [0] : weights  // an empty array has nothing to borrow
    var gradients = [Double](repeating: 0, count: units * width)
    var curvatures = [Double](repeating: 0, count: units * units * width)
    var readout =
      learnsReadout ? weights.map { _ in [Double](repeating: 0, count: width) } : []
    var answers = [ObjectiveValue](
      repeating: ObjectiveValue(loss: 0, margin: 0, curvature: 0), count: width)
    // Borrowed once: an array would be checked for other owners at every entry.
    var fieldSpan = h.mutableSpan
    var answerSpan = answers.mutableSpan
    var gradientSpan = g.mutableSpan
    var hessianSpan = hessian.mutableSpan
    var readoutSpan = slopes.mutableSpan
    var allGradients = gradients.mutableSpan
    var allCurvatures = curvatures.mutableSpan
    for j in 0..<width {
      for k in 0..<units { fieldSpan[k] = fields.values[k][j] }
      if let gates {
        for index in weights.indices { gated[index] = weights[index] * gates[index % units][j] }
      }
      answerSpan[j] = objective.evaluate(
        label: labels[j], fields: fieldSpan.span, readout: gated.span, gradient: &gradientSpan,
        hessian: &hessianSpan, readoutGradient: &readoutSpan)
      let gradientScale = strength * scales[j]
      let curvatureScale = gradientScale * scales[j]
      for k in 0..<units { allGradients[k * width + j] = gradientScale * gradientSpan[k] }
      for index in 0..<units * units {
        allCurvatures[index * width + j] = curvatureScale * hessianSpan[index]
      }
      for index in readout.indices {
        readout[index][j] = strength * readoutSpan[index] * (gates?[index % units][j] ?? 1)
      }
    }
    values = (0..<units).map { Array(gradients[$0 * width..<($0 + 1) * width]) }
    curvature = (0..<units * units).map { Array(curvatures[$0 * width..<($0 + 1) * width]) }
    self.readout = readout
    self.answers = answers
  }
}
