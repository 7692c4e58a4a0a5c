internal import LearningProblem

/// The curvature H = α E[Δ ∂²Λ/∂h_k²], recorded as the weight noise that is optimal for it.
/// `[observable.weightnoise]`
public struct Curvature: SampleQuantity {
  public var quantity: Quantity { .optimalWeightNoise }
  public var pass: SamplePass { .whole }
  public var isPerUnit: Bool { true }
  public var isCost: Bool { true }

  /// Σ Δ ∂²Λ/∂h_k² over samples and units.
  public func accumulate(_ block: SampleBlock, into sum: inout Double) {
    var total = sum
    let (answers, variances) = (block.answers.span, block.variances.span)
    for index in answers.indices { total += variances[index] * answers[index].curvature }
    sum = total
  }

  /// α Σ.
  public func scaled(_ sum: Double, samplesPerWeight: Double) -> Double { samplesPerWeight * sum }

  /// σ*; nil where reliability has no price.
  public func recorded(_ value: Double, _ recorder: MacroscopicRecorder) -> Double? {
    recorder.noise.reliabilityCost > 0 ? recorder.noise.optimum(curvature: value) : nil
  }
}
