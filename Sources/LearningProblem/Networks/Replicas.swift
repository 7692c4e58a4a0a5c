/// Copies of a one-field network that learn from the same samples, each with mini-batches of its
/// own. `[replica.site]`
///
/// Their fields are hidden units of one network, so that C_kl(t, s) with k ≠ l is the correlation
/// between copies; switches s_k of copy k, the gates of its gradient, take the place of the sample
/// mask. Losses are means over the copies. Copies start alike: `Start.isShared`.
public struct Replicas: Network {
  public static let kind = "replicas"
  public static let summary = "copies of a network, made by the key replicas"
  public static let parameters: [Parameter] = []
  /// None: copies are made of a network with its loss.
  public static func takes(_ loss: any Loss.Type) -> Bool { false }

  /// The network that is copied.
  public let original: any Network
  /// When a copy learns from a sample.
  public let mask: any Mask
  public let hiddenUnits: Int
  /// b σ for every copy: a gate is s/b.
  public let readout: Readout
  public var standardLoss: any Loss { original.standardLoss }

  /// Creates `count` copies, whose gradients count `strength` = σ times.
  public init(of original: any Network, count: Int, mask: any Mask, strength: Double) {
    precondition(
      original.hiddenUnits == 1 && original.machine == nil && count >= 2,
      "\(count) copies of a \(original.kind) network with \(original.hiddenUnits) fields")
    self.original = original
    self.mask = mask
    hiddenUnits = count
    readout = Readout(Array(repeating: strength * mask.density, count: count))
  }

  public init(from section: Section) throws {
    throw section.problem("kind", found: Self.kind, allowed: "the key replicas, at the top")
  }

  public func objective(_ loss: any Loss, errorsOnly: Bool) -> any Objective {
    ReplicatedObjective(
      original: original.objective(loss, errorsOnly: errorsOnly), hiddenUnits: hiddenUnits)
  }
}

/// (1/K) Σ_k Λ(y, h_k), with the gradients a_k ∂Λ/∂h_k of the copies by themselves.
/// `[replica.site]`
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
