/// Copies of a problem with one field, as one sample sees them: their fields are hidden units.
/// `[replica.site]`
///
/// The loss (1/K) Σ_k Λ(y, h_k) is the mean over the copies; the gradients a_k ∂Λ/∂h_k are those
/// of the copies by themselves, where a_k is the gate s_k/b of copy k, or 1.
struct ReplicatedObjective: Objective {
  let original: any Objective
  let hiddenUnits: Int
  var readoutCount: Int { hiddenUnits }
  var hasErrors: Bool { false }
  var kinks: Kinks { original.kinks }
  var gradientJumps: Bool { original.gradientJumps }

  func evaluate(
    label: Double, fields: Span<Double>, readout: Span<Double>,
    gradient: inout MutableSpan<Double>, hessian: inout MutableSpan<Double>,
    readoutGradient: inout MutableSpan<Double>
  ) -> ObjectiveValue {
    var copy = SampleEvaluator(original, readout: [])
    var (loss, curvature) = (0.0, 0.0)
    for k in 0..<hiddenUnits {
      copy.fields[0] = fields[k]
      let value = copy.evaluate(label: label)
      loss += value.loss
      curvature += value.curvature
      gradient[k] = readout[k] * copy.gradient[0]
      readoutGradient[k] = 0
      for l in 0..<hiddenUnits { hessian[k * hiddenUnits + l] = 0 }
      hessian[k * (hiddenUnits + 1)] = readout[k] * copy.hessian[0]
    }
    return ObjectiveValue(loss: loss / Double(hiddenUnits), margin: 0, curvature: curvature)
  }

  func answer(label: Double, fields: Span<Double>, readout: Span<Double>) -> ObjectiveAnswer {
    var copy = SampleEvaluator(original, readout: [])
    var loss = 0.0
    for k in 0..<hiddenUnits {
      copy.fields[0] = fields[k]
      loss += copy.answer(label: label).loss
    }
    return ObjectiveAnswer(loss: loss / Double(hiddenUnits), margin: 0)
  }
}
