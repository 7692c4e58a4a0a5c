internal import Foundation

/// A two-state Markov chain: stationary probability b, correlation r per step. `[mask.persistent]`
///
/// P(1→1) = b + r (1 - b), P(0→1) = (1 - r) b. In the continuous-time papers the chain is given by
/// a persistence time τ, r = 1 - η/(b τ), that is P(0→1) = η/τ.
public struct PersistentMask: Mask {
  public static let kind = "persistent"
  public static let summary = "two-state Markov chain with the given stationary density"
  public static let parameters = [densityParameter, correlationKey, persistenceTime]
  static let correlationKey = Parameter(
    "correlation", .number(.open(-1, 1)),
    "r, correlation of the switch per step (give this or persistence_time)", optional: true)
  static let persistenceTime = Parameter(
    "persistence_time", .number(.positive),
    "tau, in units of the time eta t: r = 1 - eta / (density tau), in a flow "
      + "exp(-step / (density tau)) (give this or correlation)",
    optional: true)

  public let density: Double
  /// r.
  public let chainCorrelation: Double
  public var correlation: Double? { chainCorrelation }
  /// τ of a flow; nil if the steps themselves are meant.
  public private(set) var flowTime: Double?

  /// Creates the chain; both transition probabilities must lie in [0, 1].
  public init(density: Double, correlation: Double) {
    precondition(density > 0 && density <= 1, "density must lie in (0, 1], got \(density)")
    precondition(
      correlation < 1 && correlation >= Self.lowestCorrelation(density: density),
      "correlation \(correlation) out of range at density \(density)")
    self.density = density
    chainCorrelation = correlation
  }

  /// The switch of a flow, on at the rate 1/τ and off at (1 - b)/(b τ), seen every `step` of time:
  /// r = exp(-step/(b τ)). `[flow.switch]`
  public init(density: Double, flowTime: Double, step: Double) {
    precondition(flowTime > 0 && step > 0, "flowTime \(flowTime), step \(step)")
    self.init(density: density, correlation: exp(-step / (density * flowTime)))
    self.flowTime = flowTime
  }

  public init(from section: Section) throws {
    let density = try section.number(densityParameter)
    let correlation = try section.optionalNumber(Self.correlationKey)
    let time = try section.optionalNumber(Self.persistenceTime)
    let lowest = Self.lowestCorrelation(density: density)
    switch (correlation, time) {
    case (nil, let time?) where section.isFlow:
      self.init(density: density, flowTime: time, step: section.learningRate)
    case (.some, nil) where section.isFlow:
      throw section.problem(
        "correlation", found: "it in a flow", allowed: "persistence_time, which has a limit")
    case (let correlation?, nil):
      guard correlation >= lowest else {
        throw section.problem(
          "correlation", found: "\(correlation)",
          allowed: "at least \(lowest) at density \(density): P(0->1) and P(1->1) within [0, 1]")
      }
      self.init(density: density, correlation: correlation)
    case (nil, let time?):
      let correlation = 1 - section.learningRate / (density * time)
      guard correlation >= lowest else {
        let shortest = section.learningRate / (density * (1 - lowest))
        throw section.problem(
          "persistence_time", found: "\(time)",
          allowed: "at least \(shortest) at learning_rate \(section.learningRate) and density "
            + "\(density): P(0->1) and P(1->0) at most 1")
      }
      self.init(density: density, correlation: correlation)
    default:
      throw section.problem(
        "correlation", found: correlation == nil ? "nothing" : "both keys",
        allowed: "exactly one of correlation and persistence_time")
    }
  }

  /// The lowest r for which P(0→1) <= 1 and P(1→1) >= 0.
  static func lowestCorrelation(density b: Double) -> Double {
    b == 1 ? 0 : max(-b / (1 - b), 1 - 1 / b)
  }

  public func probabilityOn(step: Int, memory: Bool) -> Double {
    guard step > 0 else { return density }
    let probability = density + chainCorrelation * ((memory ? 1 : 0) - density)
    return min(max(probability, 0), 1)  // rounding only: the range is checked above
  }

  public func memory(after step: Int, memory: Bool, isOn: Bool) -> Bool { isOn }
}
