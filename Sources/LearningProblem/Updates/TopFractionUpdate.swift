/// ψ = G 1{|G| > θ(t)}: of the synapses that may change, those with the largest gradients do.
/// `[update.rules]`
///
/// θ(t) is the (1 - p) quantile of |G(t)| over the synapses whose mask is on: a self-averaging
/// number, the same for all.
public struct TopFractionUpdate: UpdateRule {
  public static let kind = "top-fraction"
  public static let summary = "competition: only the given fraction with the largest gradients"
  public static let parameters = [fractionParameter]

  /// p.
  public let fraction: Schedule
  public var winningFraction: Double? { fraction.constant ?? .nan }  // nan until it is settled

  public var schedules: [(key: Parameter, schedule: Schedule)] { [(fractionParameter, fraction)] }

  /// Creates the rule with p = `fraction` in (0, 1].
  public init(fraction: Double) {
    precondition(fraction > 0 && fraction <= 1, "fraction must lie in (0, 1], got \(fraction)")
    self.init(fraction: .constant(fraction))
  }

  /// Creates the rule with fractions p in (0, 1].
  public init(fraction: Schedule) { self.fraction = fraction }

  public init(from section: Section) throws {
    self.init(fraction: try section.schedule(fractionParameter))
  }

  public func settled(at step: Int, on grid: TimeGrid) -> TopFractionUpdate {
    TopFractionUpdate(fraction: grid.settled(fraction, at: step))
  }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(abs(gradient) > step.threshold ? gradient : 0)
  }
}

/// The key that competitive rules share.
let fractionParameter = Parameter(
  "fraction", .schedule(.leftOpen(0, 1)),
  "p, fraction of the synapses that change, of those whose mask is on")
