/// Changes collect in a transient part of the synapse, written to the lasting part when it exceeds
/// a threshold. `[update.caching]`
///
/// Synaptic caching with a threshold per synapse (Li & van Rossum, eLife 9 e50804, 2020). The
/// weight is the sum of both parts; the transient part -η c decays by the fraction δ per step,
///
///   c ← (1 - δ) c + G,   written = c and c ← 0 where η |c| > θ.
///
/// Without decay the weights move as with the plain rule, and only the energy differs. To keep a
/// transient part may cost c times its size per step. `[observable.upkeep]`
public struct CachingUpdate: UpdateRule {
  public static let kind = "caching"
  public static let summary = "changes collect in a transient part, written when above threshold"
  public static let parameters = [threshold, decay, transientCost]
  static let threshold = Parameter(
    "threshold", .schedule(.positive), "theta, size of the transient part at which it is written")
  static let decay = Parameter(
    "decay", .schedule(.rightOpen(0, 1)), "delta, fraction of the transient part lost per step",
    default: "0")
  static let transientCost = Parameter(
    "transient_cost", .number(.nonNegative),
    "c, price of keeping a transient part for a step, per unit of its size; in absolute_change",
    default: "0")

  /// θ, in units of a weight.
  public let threshold: Schedule
  /// δ.
  public let decay: Schedule
  /// c >= 0, the price of a unit of the transient part per step.
  public let transientCost: Double
  private let theta: Double  // nan until a schedule is settled, as delta is
  private let delta: Double

  public var schedules: [(key: Parameter, schedule: Schedule)] {
    [(Self.threshold, threshold), (Self.decay, decay)]
  }
  public var hasUpkeep: Bool { transientCost > 0 }

  /// Creates the rule with θ = `threshold` > 0, δ = `decay` in [0, 1) and c = `transientCost` >= 0.
  public init(threshold: Double, decay: Double = 0, transientCost: Double = 0) {
    precondition(
      threshold > 0 && decay >= 0 && decay < 1,
      "threshold \(threshold) must be > 0 and decay \(decay) lie in [0, 1)")
    self.init(
      threshold: .constant(threshold), decay: .constant(decay), transientCost: transientCost)
  }

  /// Creates the rule with thresholds θ > 0, decays δ in [0, 1) and c = `transientCost` >= 0.
  public init(threshold: Schedule, decay: Schedule = .constant(0), transientCost: Double = 0) {
    precondition(transientCost >= 0, "transientCost must be >= 0, got \(transientCost)")
    self.threshold = threshold
    self.decay = decay
    self.transientCost = transientCost
    theta = threshold.constant ?? .nan
    delta = decay.constant ?? .nan
  }

  public init(from section: Section) throws {
    self.init(
      threshold: try section.schedule(Self.threshold), decay: try section.schedule(Self.decay),
      transientCost: try section.number(Self.transientCost))
  }

  public func settled(at step: Int, on grid: TimeGrid) -> CachingUpdate {
    CachingUpdate(
      threshold: grid.settled(threshold, at: step), decay: grid.settled(decay, at: step),
      transientCost: transientCost)
  }

  /// c times the size of the transient part.
  public func upkeep(of memory: Double, firstRate: Double) -> Double {
    transientCost * firstRate * abs(memory)
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    let psi = gradient - delta * memory / step.relativeRate
    memory += step.relativeRate * psi
    guard step.learningRate / step.relativeRate * abs(memory) > theta else {
      return SynapseChange(psi: psi, written: 0)
    }
    defer { memory = 0 }
    return SynapseChange(psi: psi, written: memory / step.relativeRate)
  }
}
