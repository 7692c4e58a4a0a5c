internal import CNumerics
internal import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
  /// exp(-x²/2)/√(2π).
  public static func density(_ x: Double) -> Double {
    exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
  }

  /// P(Z < x).
  public static func cumulative(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

  /// P(lower < Z < upper), accurate in both tails.
  public static func probability(from lower: Double, to upper: Double) -> Double {
    lower > 0 ? cumulative(-lower) - cumulative(-upper) : cumulative(upper) - cumulative(lower)
  }

  /// E|mean + deviation Z|.
  public static func meanSize(mean: Double, deviation: Double) -> Double {
    guard deviation > 0 else { return abs(mean) }
    let x = mean / deviation * 0.5.squareRoot()
    return deviation * (2 / Double.pi).squareRoot() * exp(-x * x) + mean * erf(x)
  }

  /// P(mean + deviation Z < 0), with 1/2 for a number that is always 0.
  public static func probabilityNegative(mean: Double, deviation: Double) -> Double {
    guard deviation > 0 else { return mean < 0 ? 1 : mean == 0 ? 0.5 : 0 }
    return cumulative(-mean / deviation)
  }

  /// The x with P(Z < x) = probability, for probability in (0, 1).
  public static func quantile(_ probability: Double) -> Double {
    gsl_cdf_ugaussian_Pinv(probability)
  }
}
