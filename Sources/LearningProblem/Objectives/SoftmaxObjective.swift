internal import Foundation

/// Λ(y, h) = log Σ_o exp o_o - o_y: the cross-entropy of O classes. `[network.softmax]`
///
/// The outputs are the fields themselves, or o_o = Σ_k a_ok φ(h_k) above hidden units.
struct SoftmaxObjective: Objective {
  private let outputs: Int
  private let activation: Activation?
  private let errorsOnly: Bool
  let hiddenUnits: Int
  let readoutCount: Int
  var hasErrors: Bool { true }
  var gradientJumps: Bool { errorsOnly || activation?.slopeJumps == true }

  /// `activation` nil: the fields are the outputs.
  init(outputs: Int, hiddenUnits: Int, activation: Activation?, errorsOnly: Bool) {
    self.outputs = outputs
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.errorsOnly = errorsOnly
    readoutCount = activation == nil ? 0 : outputs * hiddenUnits
  }

  /// With probabilities p_o and e_o = p_o - δ_oy: g_k = φ'_k Σ_o a_ok e_o,
  /// H_kl = φ'_k φ'_l Σ_o p_o (a_ok - ā_k)(a_ol - ā_l) + δ_kl φ''_k Σ_o a_ok e_o, ā_k = Σ_o p_o a_ok,
  /// ∂Λ/∂a_ok = e_o φ_k.
  func evaluate(
    label: Double, fields: Span<Double>, readout: Span<Double>,
    gradient: inout MutableSpan<Double>, hessian: inout MutableSpan<Double>,
    readoutGradient: inout MutableSpan<Double>
  ) -> ObjectiveValue {
    let units = hiddenUnits
    let target = Self.output(of: label)
    guard let activation else {
      let (probabilities, loss, margin) = Self.probabilities(
        (0..<outputs).map { fields[$0] }, target)
      var sharpness = 0.0
      let gate = errorsOnly && margin >= 0 ? 0.0 : 1.0
      for k in 0..<units {
        let p = probabilities[k]
        gradient[k] = gate * (p - (k == target ? 1 : 0))
        for l in 0..<units {
          hessian[k * units + l] = gate * p * ((k == l ? 1 : 0) - probabilities[l])
        }
        sharpness += p * (1 - p)
      }
      return ObjectiveValue(loss: loss, margin: margin, curvature: sharpness)
    }
    let phi = (0..<units).map { activation.evaluate(fields[$0]) }
    var answers = [Double](repeating: 0, count: outputs)
    for o in 0..<outputs {
      for k in 0..<units { answers[o] += readout[o * units + k] * phi[k].value }
    }
    let (probabilities, loss, margin) = Self.probabilities(answers, target)
    let gate = errorsOnly && margin >= 0 ? 0.0 : 1.0
    var means = [Double](repeating: 0, count: units)  // ā_k
    var pulls = means  // Σ_o a_ok e_o
    for o in 0..<outputs {
      let error = probabilities[o] - (o == target ? 1 : 0)
      for k in 0..<units {
        let a = readout[o * units + k]
        means[k] += probabilities[o] * a
        pulls[k] += error * a
        readoutGradient[o * units + k] = gate * error * phi[k].value
      }
    }
    var sharpness = 0.0
    for k in 0..<units {
      gradient[k] = gate * phi[k].slope * pulls[k]
      for l in 0..<units {
        var spread = 0.0
        for o in 0..<outputs {
          spread +=
            probabilities[o] * (readout[o * units + k] - means[k])
            * (readout[o * units + l] - means[l])
        }
        var entry = phi[k].slope * phi[l].slope * spread
        if k == l {
          entry += phi[k].curvature * pulls[k]
          sharpness += entry
        }
        hessian[k * units + l] = gate * entry
      }
    }
    return ObjectiveValue(loss: loss, margin: margin, curvature: sharpness)
  }

  /// Zero-based output of a label: class 1...O, or -1 for the second of two.
  static func output(of label: Double) -> Int { label < 0 ? 1 : Int(label) - 1 }

  /// exp o/Σ exp o, -log of that of the target, and o_target minus the largest other output.
  private static func probabilities(
    _ outputs: [Double], _ target: Int
  ) -> (probabilities: [Double], loss: Double, margin: Double) {
    var (largest, rival) = (-Double.infinity, -Double.infinity)
    for (o, output) in outputs.enumerated() {
      largest = max(largest, output)
      if o != target { rival = max(rival, output) }
    }
    var weights = outputs
    var sum = 0.0
    for o in weights.indices {
      weights[o] = exp(weights[o] - largest)
      sum += weights[o]
    }
    for o in weights.indices { weights[o] /= sum }
    return (weights, log(sum) + largest - outputs[target], outputs[target] - rival)
  }
}
