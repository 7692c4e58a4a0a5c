internal import Foundation

/// Noise of the weights in every forward pass, and what reliability costs. `[problem.weightnoise]`
///
/// Every synapse, sample and step has a fresh deviation σ N(0, 1) from its weight; keeping it small
/// costs c σ^-ρ per weight and step (Malkin et al. 2023).
public struct WeightNoise: Sendable, Equatable {
  /// σ_w >= 0, the standard deviation of a weight in a forward pass.
  public let sigma: Double
  /// c >= 0.
  public let reliabilityCost: Double
  /// ρ > 0.
  public let exponent: Double

  /// Creates the noise; none by default.
  public init(sigma: Double = 0, reliabilityCost: Double = 0, exponent: Double = 2) {
    precondition(
      sigma >= 0 && reliabilityCost >= 0 && exponent > 0,
      "sigma \(sigma) and reliabilityCost \(reliabilityCost) must be >= 0, exponent \(exponent) > 0"
    )
    self.sigma = sigma
    self.reliabilityCost = reliabilityCost
    self.exponent = exponent
  }

  /// c σ^-ρ, per weight and step; nil without noise or without a price.
  /// `[observable.reliabilitycost]`
  public var costPerStep: Double? {
    sigma > 0 && reliabilityCost > 0 ? reliabilityCost * pow(sigma, -exponent) : nil
  }

  /// σ* = (c ρ/H)^(1/(ρ+2)), which minimises H σ²/2 + c σ^-ρ. `[observable.weightnoise]`
  ///
  /// - Parameter curvature: H, per weight; if it is not positive, more noise is always better:
  ///   infinite.
  public func optimum(curvature: Double) -> Double {
    curvature > 0 ? pow(reliabilityCost * exponent / curvature, 1 / (exponent + 2)) : .infinity
  }

  static let sigmaKey = Parameter(
    "sigma", .number(.nonNegative), "sigma, noise of a weight in every forward pass", default: "0")
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
      sigma: try section.number(Self.sigmaKey),
      reliabilityCost: try section.number(Self.reliabilityCostKey),
      exponent: try section.number(Self.exponentKey))
  }
}
