internal import Foundation

/// A number of the learning rule that an optimisation chooses, between bounds.
///
/// Its position runs from 0 at the lower bound to 1 at the upper one, by powers where both are
/// positive and a factor of 20 or more apart.
public struct ControlVariable: Sendable, Equatable {
  /// The key in the problem file, such as `weight_mask.density`.
  public let key: String
  /// The smallest value.
  public let lower: Double
  /// The largest value.
  public let upper: Double
  /// Whether it is the same number at all steps.
  public let isConstant: Bool

  /// A variable between lower < upper.
  public init(key: String, lower: Double, upper: Double, isConstant: Bool) {
    precondition(lower < upper, "\(key) from \(lower) to \(upper)")
    self.key = key
    self.lower = lower
    self.upper = upper
    self.isConstant = isConstant
  }

  private var isLogarithmic: Bool { lower > 0 && upper >= 20 * lower }

  /// The value at a position.
  package func value(at position: Double) -> Double {
    guard position < 1 else { return upper }
    let value =
      isLogarithmic
      ? lower * pow(upper / lower, position) : lower + position * (upper - lower)
    return min(max(value, lower), upper)
  }

  /// The position of a value, which is moved between the bounds.
  package func position(of value: Double) -> Double {
    let value = min(max(value, lower), upper)
    return isLogarithmic
      ? log(value / lower) / log(upper / lower) : (value - lower) / (upper - lower)
  }

  /// The derivative of the value by the position.
  package func slope(at position: Double) -> Double {
    isLogarithmic ? value(at: position) * log(upper / lower) : upper - lower
  }
}
