internal import Foundation

/// φ, what a hidden unit makes of its field. `[problem.objective]`
public enum Activation: String, Sendable, CaseIterable {
  /// erf(h/√2).
  case erf
  /// log(1 + e^h).
  case softplus
  /// max(h, 0).
  ///
  /// The kink: φ' jumps from 0 to 1, exactly, in theory and training alike. φ'' = δ(h) is smeared
  /// to (2 - z²) exp(-z²/2)/(w√2π), z = h/w, with w = `kinkWidth`. That moves nothing but the
  /// curvature behind `optimal_weight_noise`, by O(w²) since the kernel does not see |h|: the
  /// response of the theory comes from Stein's formula, for which any φ'' will do. `[network.relu]`
  case relu
  /// h².
  case quadratic

  /// Width of the smeared δ(h).
  static let kinkWidth = 0.1

  /// Whether φ' jumps.
  var slopeJumps: Bool { self == .relu }

  /// φ at h.
  func value(_ h: Double) -> Double {
    switch self {
    case .erf: Foundation.erf(h * 0.5.squareRoot())
    case .softplus: max(h, 0) + log1p(exp(-abs(h)))
    case .relu: max(h, 0)
    case .quadratic: h * h
    }
  }

  /// φ, φ' and φ'' at h.
  func evaluate(_ h: Double) -> (value: Double, slope: Double, curvature: Double) {
    switch self {
    case .erf:
      let slope = (2 / Double.pi).squareRoot() * exp(-0.5 * h * h)
      return (Foundation.erf(h * 0.5.squareRoot()), slope, -h * slope)
    case .softplus:
      let decay = exp(-abs(h))
      let sigmoid = (h > 0 ? 1 : decay) / (1 + decay)
      return (max(h, 0) + log1p(decay), sigmoid, sigmoid * (1 - sigmoid))
    case .relu:
      let z = h / Self.kinkWidth
      let kink =
        (2 - z * z) * exp(-0.5 * z * z) / (Self.kinkWidth * (2 * Double.pi).squareRoot())
      return h > 0 ? (h, 1, kink) : (0, h == 0 ? 0.5 : 0, kink)
    case .quadratic:
      return (h * h, 2 * h, 2)
    }
  }

  static let key = Parameter(
    "activation", .choice(allCases.map(\.rawValue)),
    "phi: erf(h / sqrt 2), softplus log(1 + exp h), relu max(h, 0) or quadratic h^2",
    default: "erf")
}
