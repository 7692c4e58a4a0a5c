internal import LearningProblem

/// What the samples add up to at an observed step.
struct ObservedSums {
  /// Σ_μ Λ(y_μ, h_μ). `[observable.training]`
  private(set) var loss = 0.0
  /// Σ_μ of the training error.
  private(set) var error = 0.0
  /// Σ_μk Δ_a ∂²Λ/∂h_k². `[observable.weightnoise]`
  private(set) var curvature = 0.0

  /// One more sample, of a cluster with the given Δ_a.
  mutating func add(_ value: ObjectiveValue, variance: Double) {
    loss += value.loss
    error += value.error
    curvature += variance * value.curvature
  }
}
