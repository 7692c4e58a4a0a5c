internal import NumericalKit

/// Welch's t test of two means with unequal errors, as used point by point. `[compare.criterion]`
///
/// A side with n replicas has n - 1 degrees of freedom, combined by Welch and Satterthwaite; an
/// exact side (error 0) contributes neither error nor degrees of freedom.
///
/// Rounding floor: training works in Float, so the joint error is never taken below 1e-6 of the
/// larger magnitude (as one more independent error, known exactly). Without it, an error that is
/// itself rounding, 1e-17 for a quantity that is the same in every run, would raise an alarm.
public struct WelchTest: Sendable {
  /// Relative rounding floor.
  public static let roundingFloor = 1e-6
  /// Two exact numbers are equal if they agree to this.
  public static let exactTolerance = 1e-9

  /// (first - second) / joint standard error; 0 or infinite for two exact numbers.
  public let distance: Double
  /// P(a larger |distance|) if both have the same mean.
  public let pValue: Double

  /// Compares two estimates that stand on `replicas` each (>= 2 unless exact).
  public init(
    _ first: Estimate, replicas firstReplicas: Int, _ second: Estimate,
    replicas secondReplicas: Int
  ) {
    let difference = first.value - second.value
    let magnitude = max(abs(first.value), abs(second.value))
    guard difference.isFinite, first.standardError.isFinite, second.standardError.isFinite else {
      self.init(distance: .infinity, pValue: 0)
      return
    }
    if first.standardError == 0 && second.standardError == 0 {
      let same = abs(difference) <= Self.exactTolerance * magnitude
      self.init(distance: same ? 0 : .infinity, pValue: same ? 1 : 0)
      return
    }
    let a = first.standardError * first.standardError
    let b = second.standardError * second.standardError
    let floor = Self.roundingFloor * magnitude
    let joint = a + b + floor * floor
    let distance = difference / joint.squareRoot()
    let spread =
      a / joint * (a / joint) / Self.freedom(firstReplicas)
      + b / joint * (b / joint) / Self.freedom(secondReplicas)
    let tail = StudentDistribution.twoSidedTail(
      distance, degreesOfFreedom: spread > 1e-9 ? 1 / spread : .infinity)
    self.init(distance: distance, pValue: tail)
  }

  private init(distance: Double, pValue: Double) {
    self.distance = distance
    self.pValue = pValue
  }

  /// One replica with an error of its own (quadrature) counts as one degree of freedom.
  private static func freedom(_ replicas: Int) -> Double { Double(max(replicas - 1, 1)) }
}
