internal import NumericalKit
public import Observables

/// One number from each replica, in order.
///
/// Replica i of every rule has the same random numbers (data, noise, masks), so that differences
/// are taken replica by replica: what the numbers have in common cancels.
public struct ReplicaValues: Sendable, Equatable {
  /// One value per replica.
  public let values: [Double]
  /// An error that all replicas share (of quadrature).
  public let commonError: Double

  /// Creates the values of at least one replica.
  public init(_ values: [Double], commonError: Double = 0) {
    precondition(!values.isEmpty, "values of no replica")
    self.values = values
    self.commonError = commonError
  }

  /// The mean with its standard error.
  public var estimate: Estimate { Estimate(mean: values, commonError: commonError) }
}

/// The difference of two rules in one quantity, replica by replica.
public struct PairedDifference: Sendable, Equatable {
  /// P-values below this make a difference significant.
  public static let significance = 0.05

  /// The difference with its standard error, from the differences of single replicas.
  public let estimate: Estimate
  /// The standard error if the replicas of both were independent.
  public let independentError: Double
  private let replicas: Int
  private let magnitude: Double

  /// First minus second, of as many replicas.
  public init(_ first: ReplicaValues, minus second: ReplicaValues) {
    precondition(
      first.values.count == second.values.count,
      "\(first.values.count) replicas against \(second.values.count)")
    let common = max(first.commonError, second.commonError)
    estimate = Estimate(
      mean: zip(first.values, second.values).map { $0 - $1 }, commonError: common)
    let a = first.estimate
    let b = second.estimate
    let variance = a.standardError * a.standardError + b.standardError * b.standardError
    independentError = variance.squareRoot()
    replicas = first.values.count
    magnitude = max(abs(a.value), abs(b.value))
  }

  /// Whether the two are the same number, up to rounding.
  public var isZero: Bool { abs(estimate.value) <= WelchTest.roundingFloor * magnitude }

  /// Whether the two differ, by a paired t test at the level of `significance`.
  public var isSignificant: Bool {
    guard !isZero else { return false }
    guard estimate.standardError > 0 else { return true }
    return StudentDistribution.twoSidedTail(
      estimate.value / estimate.standardError, degreesOfFreedom: Double(max(replicas - 1, 1)))
      < Self.significance
  }
}
