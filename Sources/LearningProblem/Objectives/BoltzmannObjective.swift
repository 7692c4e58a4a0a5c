internal import Foundation

/// Λ(h) = -Σ_k log 2cosh h_k: the free energy of a sample under a Boltzmann machine with K binary
/// hidden units, but for |x|²/2D. `[boltzmann.likelihood]` Labels are not looked at.
struct BoltzmannObjective: Objective {
  let hiddenUnits: Int
  var readoutCount: Int { 0 }
  var hasErrors: Bool { false }
  var kinks: Kinks { Kinks() }
  var gradientJumps: Bool { false }

  func evaluate(
    label: Double, fields: Span<Double>, readout: Span<Double>,
    gradient: inout MutableSpan<Double>, hessian: inout MutableSpan<Double>,
    readoutGradient: inout MutableSpan<Double>
  ) -> ObjectiveValue {
    var (loss, curvature) = (0.0, 0.0)
    for k in 0..<hiddenUnits {
      let h = fields[k]
      loss -= Self.logTwiceCosh(h)
      let t = tanh(h)
      gradient[k] = -t
      for l in 0..<hiddenUnits { hessian[k * hiddenUnits + l] = 0 }
      hessian[k * (hiddenUnits + 1)] = t * t - 1
      curvature += t * t - 1
    }
    return ObjectiveValue(loss: loss, margin: .nan, curvature: curvature)
  }

  func answer(label: Double, fields: Span<Double>, readout: Span<Double>) -> ObjectiveAnswer {
    var loss = 0.0
    for k in 0..<hiddenUnits { loss -= Self.logTwiceCosh(fields[k]) }
    return ObjectiveAnswer(loss: loss, margin: .nan)
  }

  private static func logTwiceCosh(_ h: Double) -> Double { abs(h) + log1p(exp(-2 * abs(h))) }
}
