internal import LearningProblem
internal import MeanField

/// A number of the learning rule whose derivatives at each step the adjoint knows, by its key in
/// the problem file. `[gradient.controls]`
enum Control: String, CaseIterable, Sendable {
  case learningRate = "learning_rate"
  case weightDecay = "weight_decay"
  case sampleDensity = "sample_mask.density"
  case weightDensity = "weight_mask.density"

  /// Its value at a step.
  func value(at step: Int, in dynamics: Dynamics) -> Double {
    switch self {
    case .learningRate: dynamics.rate(at: step)
    case .weightDecay: dynamics.decay(at: step)
    case .sampleDensity: dynamics.sampleSwitches.density(at: step)
    case .weightDensity: dynamics.weightSwitches.density(at: step)
    }
  }

  /// The derivatives by it at each step; nil where they are not known.
  func derivatives(in gradient: ControlGradient) -> [Double]? {
    switch self {
    case .learningRate: gradient.learningRate
    case .weightDecay: gradient.weightDecay
    case .sampleDensity: gradient.sampleDensity
    case .weightDensity: gradient.weightDensity
    }
  }
}
