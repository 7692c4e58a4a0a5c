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
  var kinks: Kinks { Kinks(atZeroFields: activation?.slopeJumps == true) }
  var gradientJumps: Bool { errorsOnly || !kinks.isEmpty }

  /// `activation` nil: the fields are the outputs.
  init(outputs: Int, hiddenUnits: Int, activation: Activation?, errorsOnly: Bool) {
    self.outputs = outputs
    self.hiddenUnits = hiddenUnits
    self.activation = activation
    self.errorsOnly = errorsOnly
    readoutCount = activation == nil ? 0 : outputs * hiddenUnits
  }

  /// With probabilities p_o and e_o = p_o - δ_oy: g_k = φ'_k Σ_o a_ok e_o,
  /// H_kl = φ'_k φ'_l Σ_o p_o (a_ok - ā_k)(a_ol - ā_l) + δ_kl φ''_k Σ_o a_ok e_o, ā_k = Σ_o p_o
  /// a_ok, ∂Λ/∂a_ok = e_o φ_k. Where the outputs are the fields, a = 1 and φ(h) = h.
  func evaluate(
    label: Double, fields: Span<Double>, readout: Span<Double>,
    gradient: inout MutableSpan<Double>, hessian: inout MutableSpan<Double>,
    readoutGradient: inout MutableSpan<Double>
  ) -> ObjectiveValue {
    let units = hiddenUnits
    let target = Self.output(of: label)
    var p = answers(fields, readout)
    let answer = normalise(&p, target)
    let gate = errorsOnly && answer.margin >= 0 ? 0.0 : 1.0
    var sharpness = 0.0
    guard let activation else {
      for k in 0..<units {
        gradient[k] = gate * (p[k] - (k == target ? 1 : 0))
        for l in 0..<units { hessian[k * units + l] = gate * p[k] * ((k == l ? 1 : 0) - p[l]) }
        sharpness += p[k] * (1 - p[k])
      }
      return ObjectiveValue(loss: answer.loss, margin: answer.margin, curvature: sharpness)
    }
    var means = Numbers(repeating: 0)  // ā_k
    var pulls = Numbers(repeating: 0)  // Σ_o a_ok e_o
    var slopes = Numbers(repeating: 0)
    for k in 0..<units {
      let phi = activation.evaluate(fields[k])
      slopes[k] = phi.slope
      for o in 0..<outputs {
        let a = readout[o * units + k]
        let error = p[o] - (o == target ? 1 : 0)
        means[k] += p[o] * a
        pulls[k] += error * a
        readoutGradient[o * units + k] = gate * error * phi.value
      }
      gradient[k] = gate * phi.slope * pulls[k]
      hessian[k * (units + 1)] = phi.curvature * pulls[k]
    }
    for k in 0..<units {
      for l in 0...k {
        var spread = 0.0
        for o in 0..<outputs {
          spread +=
            p[o] * (readout[o * units + k] - means[k]) * (readout[o * units + l] - means[l])
        }
        let entry = slopes[k] * slopes[l] * spread + (k == l ? hessian[k * (units + 1)] : 0)
        if k == l { sharpness += entry }
        hessian[k * units + l] = gate * entry
        hessian[l * units + k] = gate * entry
      }
    }
    return ObjectiveValue(loss: answer.loss, margin: answer.margin, curvature: sharpness)
  }

  func answer(label: Double, fields: Span<Double>, readout: Span<Double>) -> ObjectiveAnswer {
    var p = answers(fields, readout)
    return normalise(&p, Self.output(of: label))
  }

  /// One number per output or hidden unit, of which there are at most 16, without an allocation.
  private typealias Numbers = InlineArray<16, Double>

  /// o_o.
  private func answers(_ fields: Span<Double>, _ readout: Span<Double>) -> Numbers {
    var answers = Numbers(repeating: 0)
    guard let activation else {
      for o in 0..<outputs { answers[o] = fields[o] }
      return answers
    }
    for k in 0..<hiddenUnits {
      let value = activation.value(fields[k])
      for o in 0..<outputs { answers[o] += readout[o * hiddenUnits + k] * value }
    }
    return answers
  }

  /// Turns outputs into probabilities; -log of that of the target, and o_target minus the largest
  /// other.
  private func normalise(_ outputs: inout Numbers, _ target: Int) -> ObjectiveAnswer {
    let own = outputs[target]
    var rival = -Double.infinity
    for o in 0..<self.outputs where o != target { rival = max(rival, outputs[o]) }
    let largest = max(own, rival)
    var sum = 0.0
    for o in 0..<self.outputs {
      outputs[o] = exp(outputs[o] - largest)
      sum += outputs[o]
    }
    for o in 0..<self.outputs { outputs[o] /= sum }
    return ObjectiveAnswer(loss: log(sum) + largest - own, margin: own - rival)
  }

  /// Zero-based output of a label: class 1...O, or -1 for the second of two.
  static func output(of label: Double) -> Int { label < 0 ? 1 : Int(label) - 1 }
}
