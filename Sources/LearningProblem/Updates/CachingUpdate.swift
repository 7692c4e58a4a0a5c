/// Changes collect in a transient part of the synapse, written to the lasting part when it exceeds
/// a threshold. `[update.caching]`
///
/// Synaptic caching with a threshold per synapse (Li & van Rossum, eLife 9 e50804, 2020). The
/// weight is the sum of both parts; the transient part -η c decays by the fraction δ per step,
///
///   c ← (1 - δ) c + G,   written = c and c ← 0 where η |c| > θ.
///
/// Without decay the weights move as with the plain rule, and only the energy differs.
public struct CachingUpdate: UpdateRule {
  public static let kind = "caching"
  public static let summary = "changes collect in a transient part, written when above threshold"
  public static let parameters = [threshold, decay]
  static let threshold = Parameter(
    "threshold", .number(.positive), "theta, size of the transient part at which it is written")
  static let decay = Parameter(
    "decay", .number(.rightOpen(0, 1)), "delta, fraction of the transient part lost per step",
    default: "0")

  /// θ, in units of a weight.
  public let threshold: Double
  /// δ.
  public let decay: Double

  /// Creates the rule with θ = `threshold` > 0 and δ = `decay` in [0, 1).
  public init(threshold: Double, decay: Double = 0) {
    precondition(
      threshold > 0 && decay >= 0 && decay < 1,
      "threshold \(threshold) must be > 0 and decay \(decay) lie in [0, 1)")
    self.threshold = threshold
    self.decay = decay
  }

  public init(from section: Section) throws {
    self.init(
      threshold: try section.number(Self.threshold), decay: try section.number(Self.decay))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    let psi = gradient - decay * memory / step.relativeRate
    memory += step.relativeRate * psi
    guard step.learningRate / step.relativeRate * abs(memory) > threshold else {
      return SynapseChange(psi: psi, written: 0)
    }
    defer { memory = 0 }
    return SynapseChange(psi: psi, written: memory / step.relativeRate)
  }
}
