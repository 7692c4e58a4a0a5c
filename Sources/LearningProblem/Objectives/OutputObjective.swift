/// Λ(y, h) = ℓ(y, f(h)): a loss on top of a network with one output. `[problem.objective]`
///
/// If only errors count, samples with y f(h) >= 0 have no gradient; loss and error stay what they
/// are. `[update.lazy]` Generic in both: two boxes instead would cost a solve 1 to 2 % more
/// instructions.
struct OutputObjective<Network: OutputNetwork, Loss: OutputLoss>: Objective {
  private let network: Network
  private let loss: Loss
  private let errorsOnly: Bool
  let hiddenUnits: Int
  let readoutCount: Int
  var hasErrors: Bool { true }
  var kinks: Kinks { Kinks(atZeroFields: network.bendsAtZeroFields, margin: Loss.kink) }
  var gradientJumps: Bool { errorsOnly || !kinks.isEmpty }

  init(network: Network, loss: Loss, errorsOnly: Bool) {
    self.network = network
    self.loss = loss
    self.errorsOnly = errorsOnly
    hiddenUnits = network.hiddenUnits
    readoutCount = network.readout.initial.count
  }

  /// g_k = Θ ℓ' f_k and H_kl = Θ (ℓ'' f_k f_l + ℓ' f_kl), where Θ = 1 unless only errors count;
  /// then Θ = 1{y f < 0}.
  func evaluate(
    label: Double, fields: Span<Double>, readout: Span<Double>,
    gradient: inout MutableSpan<Double>, hessian: inout MutableSpan<Double>,
    readoutGradient: inout MutableSpan<Double>
  ) -> ObjectiveValue {
    let output = network.evaluate(
      fields, readout: readout, gradient: &gradient, hessian: &hessian,
      readoutGradient: &readoutGradient)
    let value = loss.evaluate(label: label, output: output)
    let margin = label * output
    var sharpness = 0.0
    for k in 0..<hiddenUnits {
      sharpness +=
        value.curvature * gradient[k] * gradient[k] + value.slope * hessian[k * (hiddenUnits + 1)]
    }
    var (slope, curvature) = (value.slope, value.curvature)
    if errorsOnly && margin >= 0 { (slope, curvature) = (0, 0) }
    for k in 0..<hiddenUnits {
      for l in 0..<hiddenUnits {
        let index = k * hiddenUnits + l
        hessian[index] = curvature * gradient[k] * gradient[l] + slope * hessian[index]
      }
    }
    for k in 0..<hiddenUnits { gradient[k] *= slope }
    for index in 0..<readoutCount { readoutGradient[index] *= slope }
    return ObjectiveValue(loss: value.value, margin: margin, curvature: sharpness)
  }

  func answer(label: Double, fields: Span<Double>, readout: Span<Double>) -> ObjectiveAnswer {
    let output = network.output(fields, readout: readout)
    return ObjectiveAnswer(
      loss: loss.evaluate(label: label, output: output).value, margin: label * output)
  }
}
