internal import Foundation

/// Noise of the weights in every forward pass, and what reliability costs. `[problem.weightnoise]`
///
/// Every synapse, sample and step has a fresh deviation σ N(0, 1) from its weight; keeping it small
/// costs c σ^-ρ per weight and step (Malkin et al. 2023).
public struct WeightNoise: Sendable {
  /// σ_w >= 0, the standard deviation of a weight in the forward pass of a step.
  public let sigma: Schedule
  /// c >= 0.
  public let reliabilityCost: Double
  /// ρ > 0.
  public let exponent: Double

  /// Creates the noise; none by default.
  public init(sigma: Double = 0, reliabilityCost: Double = 0, exponent: Double = 2) {
    precondition(sigma >= 0, "sigma \(sigma) must be >= 0")
    self.init(sigma: .constant(sigma), reliabilityCost: reliabilityCost, exponent: exponent)
  }

  /// Creates the noise with deviations >= 0.
  public init(sigma: Schedule, reliabilityCost: Double = 0, exponent: Double = 2) {
    precondition(
      reliabilityCost >= 0 && exponent > 0,
      "reliabilityCost \(reliabilityCost) must be >= 0, exponent \(exponent) > 0")
    self.sigma = sigma
    self.reliabilityCost = reliabilityCost
    self.exponent = exponent
  }

  /// Whether weights are exact in every forward pass.
  public var isNone: Bool { sigma.constant == 0 }

  /// Whether there is noise, and reliability has a price.
  public var hasPrice: Bool { !isNone && reliabilityCost > 0 }

  /// c σ^-ρ, per weight and step with σ = `sigma` > 0. `[observable.reliabilitycost]`
  public func costPerStep(at sigma: Double) -> Double { reliabilityCost * pow(sigma, -exponent) }

  /// σ* = (c ρ/H)^(1/(ρ+2)), which minimises H σ²/2 + c σ^-ρ. `[observable.weightnoise]`
  ///
  /// - Parameter curvature: H, per weight; if it is not positive, more noise is always better:
  ///   infinite.
  public func optimum(curvature: Double) -> Double {
    curvature > 0 ? pow(reliabilityCost * exponent / curvature, 1 / (exponent + 2)) : .infinity
  }

  static let sigmaKey = Parameter(
    "sigma", .schedule(.nonNegative), "sigma, noise of a weight in every forward pass", default: "0"
  )
  static let reliabilityCostKey = Parameter(
    "reliability_cost", .number(.nonNegative), "c, cost c sigma^-exponent per weight and step",
    default: "0")
  static let exponentKey = Parameter(
    "exponent", .number(.positive), "how fast the cost grows with reliability", default: "2")
  /// Keys of `weight_noise` in the problem file.
  public static let parameters = [sigmaKey, reliabilityCostKey, exponentKey]

  init(from section: Section) throws {
    try section.refuseUnknownKeys(Self.parameters.map(\.name))
    self.init(
      sigma: try section.schedule(Self.sigmaKey),
      reliabilityCost: try section.number(Self.reliabilityCostKey),
      exponent: try section.number(Self.exponentKey))
  }
}
