/// η ψ is η G rounded up or down to a multiple of the quantum q, at random with mean η G.
/// `[update.rounding]`
///
/// Synapses with few stable states change by whole quanta. The mean |change| per step is that of
/// the plain rule. If u = |η G| <= q, a synapse is written with probability u/q, and the change has
/// the additional variance u (q - u).
public struct StochasticRoundingUpdate: UpdateRule {
  public static let kind = "stochastic-rounding"
  public static let summary = "changes in whole quanta, rounded at random without bias"
  public static let parameters = [quantum]
  static let quantum = Parameter(
    "quantum", .number(.positive), "q, smallest change of a weight")

  /// q.
  public let quantum: Double
  public let usesChance = true

  /// Creates the rule with q = `quantum` > 0.
  public init(quantum: Double) {
    precondition(quantum > 0, "quantum must be > 0, got \(quantum)")
    self.quantum = quantum
  }

  public init(from section: Section) throws {
    self.init(quantum: try section.number(Self.quantum))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    let quanta = (step.learningRate * gradient / quantum + step.chance).rounded(.down)
    return SynapseChange(quanta * quantum / step.learningRate)
  }
}
