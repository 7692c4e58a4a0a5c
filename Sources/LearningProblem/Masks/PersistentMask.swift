internal import Foundation
internal import NumericalKit

/// Switches that are two-state Markov chains: stationary probability b, and how long a position
/// lasts. `[mask.persistent]`
public struct PersistentMask: Mask {
  /// How long a switch keeps its position.
  public enum Persistence: Sendable, Equatable {
    /// r, the correlation of a switch with itself one step later.
    case correlation(Double)
    /// τ > 0, the mean time until an off switch goes on, in units of the time t: 1 - r is
    /// η/(b τ) in steps of η, and r is exp(-η/(b τ)) where the steps integrate a flow.
    /// `[flow.switch]`
    case time(Double)
  }

  public static let kind = "persistent"
  public static let summary = "two-state Markov chain with the given stationary density"
  public static let parameters = [DensityParameter.schedule, correlationKey, persistenceTime]
  static let correlationKey = Parameter(
    "correlation", .number(.open(-1, 1)),
    "r, correlation of the switch per step (give this or persistence_time)", optional: true)
  static let persistenceTime = Parameter(
    "persistence_time", .number(.positive),
    "tau, in units of the time eta t: r = 1 - eta / (density tau), in a flow "
      + "exp(-step / (density tau)) (give this or correlation)",
    optional: true)

  public let density: Schedule
  /// How long positions last.
  public let persistence: Persistence
  public var timeConstant: Double? {
    if case .time(let time) = persistence { time } else { nil }
  }

  /// Creates chains of correlation r; both transition probabilities must lie in [0, 1].
  public init(density: Double, correlation: Double) {
    let law = MarkovSwitches(density: density, correlation: correlation)
    self.init(density: .constant(law.density), .correlation(law.persistence))
  }

  /// Creates chains whose switches, if off, go on after the mean time τ = `time`.
  public init(density: Double, time: Double) {
    precondition(
      density > 0 && density <= 1 && time > 0, "density \(density) in (0, 1], time \(time) > 0")
    self.init(density: .constant(density), .time(time))
  }

  /// Creates chains of densities in (0, 1]; what transition probabilities allow is checked when the
  /// steps are known.
  public init(density: Schedule, _ persistence: Persistence) {
    self.density = density
    self.persistence = persistence
  }

  public init(from section: Section) throws {
    let density = try section.schedule(DensityParameter.schedule)
    let correlation = try section.optionalNumber(Self.correlationKey)
    let time = try section.optionalNumber(Self.persistenceTime)
    switch (correlation, time) {
    case (let correlation?, nil):
      if let density = density.constant {
        let lowest = MarkovSwitches.lowestCorrelation(density: density)
        guard correlation >= lowest else {
          throw section.problem(
            "correlation", found: "\(correlation)",
            allowed: "at least \(lowest) at density \(density): P(0->1) and P(1->1) within [0, 1]")
        }
      }
      self.init(density: density, .correlation(correlation))
    case (nil, let time?):
      self.init(density: density, .time(time))
    default:
      throw section.problem(
        "correlation", found: correlation == nil ? "nothing" : "both keys",
        allowed: "exactly one of correlation and persistence_time")
    }
  }

  public func law(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw {
    guard let density = density.constant, let rate = grid.learningRate.constant else {
      return try varyingLaw(on: grid)
    }
    switch persistence {
    case .correlation where grid.isIntegration:
      throw Self.noLimit
    case .correlation(let correlation):
      return MarkovSwitches(density: density, correlation: correlation)
    case .time(let time) where grid.isIntegration:
      let correlation = exp(-rate / (density * time))
      try requireChanges(correlation, time: time, rate: rate, density: density)
      return MarkovSwitches(density: density, correlation: correlation)
    case .time(let time):
      let correlation = 1 - rate / (density * time)
      let lowest = MarkovSwitches.lowestCorrelation(density: density)
      guard correlation >= lowest else {
        let shortest = rate / (density * (1 - lowest))
        throw Mismatch(
          "persistence_time", found: "\(time)",
          allowed: "at least \(shortest) at learning_rate \(rate) and density "
            + "\(density): P(0->1) and P(1->0) at most 1")
      }
      try requireChanges(correlation, time: time, rate: rate, density: density)
      return MarkovSwitches(density: density, correlation: correlation)
    }
  }

  /// The law where density or rate change: a switch that is off goes on with the probability η/τ.
  /// `[schedule.switch]`
  private func varyingLaw(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw {
    if grid.isIntegration { return try flowLaw(on: grid) }
    let densities = grid.values(of: density)
    switch persistence {
    case .correlation(let correlation):
      return try VaryingSwitches(
        densities: densities, correlations: densities.map { _ in correlation },
        key: Self.correlationKey.name)
    case .time(let time):
      let correlations = densities.indices.map { step in
        step == 0
          ? 0 : (densities[step] - grid.rate(at: step - 1) / time) / densities[step - 1]
      }
      return try VaryingSwitches(
        densities: densities, correlations: correlations, key: Self.persistenceTime.name)
    }
  }

  /// The law at the points of a flow, exact but for an integral over each step: a switch that is
  /// off goes on at the rate 1/τ. `[schedule.rates]`
  private func flowLaw(on grid: TimeGrid) throws(Mismatch) -> any SwitchLaw {
    guard let time = timeConstant else { throw Self.noLimit }
    let rule = Quadrature.legendre(order: 3)
    let densities = grid.valuesWithLast(of: density)
    var correlations = [0.0]
    for step in 0..<grid.steps {
      let (start, h) = (grid.time(at: step), grid.rate(at: step))
      var rise = Rise(time: start, density: densities[step])
      var integral = 0.0
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let part = 0.5 * (1 + node)
        let inside = grid.value(of: density, at: step, plus: part)
        try rise.advance(to: start + part * h, inside, timeConstant: time)
        integral += 0.5 * weight * h / (inside * time)
      }
      try rise.advance(to: start + h, densities[step + 1], timeConstant: time)
      correlations.append(densities[step + 1] / densities[step] * exp(-integral))
    }
    return VaryingSwitches(densities: densities, correlations: correlations)
  }

  private static let noLimit = Mismatch(
    "correlation", found: "it in a flow", allowed: "persistence_time, which has a limit")

  /// A density that must not rise faster than off switches go on. `[schedule.rates]`
  private struct Rise {
    var time: Double
    var density: Double

    mutating func advance(
      to later: Double, _ next: Double, timeConstant: Double
    ) throws(Mismatch) {
      let highest = 1 - (1 - density) * exp(-(later - time) / timeConstant)
      guard next <= highest + 1e-12 else {
        throw Mismatch(
          "density",
          found: "a rise from \(density) to \(next) between the times \(time) and \(later)",
          allowed: "at most to \(highest): off switches go on at the rate 1/persistence_time, "
            + "\(1 / timeConstant)")
      }
      (time, density) = (later, next)
    }
  }

  /// Refuses switches that keep their position for more steps than a Double can tell from for ever.
  private func requireChanges(
    _ correlation: Double, time: Double, rate: Double, density: Double
  ) throws(Mismatch) {
    guard 1 - correlation < Magnitude.smallest else { return }
    throw Mismatch(
      "persistence_time", found: "\(time)",
      allowed: "at most \(rate / density / Magnitude.smallest) in steps of \(rate) at density "
        + "\(density): beyond, switches never change")
  }
}
