internal import Foundation

/// A number with its standard error: the only number an observable returns.
public struct Estimate: Sendable, Equatable {
  /// The value.
  public let value: Double
  /// One standard error; 0 for exact values.
  public let standardError: Double

  /// Creates an estimate.
  public init(_ value: Double, standardError: Double = 0) {
    self.value = value
    self.standardError = standardError
  }

  /// The mean of independent replicas; `commonError` is what they share (the same quadrature
  /// points).
  ///
  /// Replicas that are all equal are exact: their mean is not spoilt by rounding.
  public init(mean replicas: [Double], commonError: Double = 0) {
    if let first = replicas.first, replicas.allSatisfy({ $0 == first }) {
      self.init(first, standardError: commonError)
      return
    }
    let count = Double(replicas.count)
    let mean = replicas.reduce(0, +) / count
    var squares = 0.0
    for value in replicas { squares += (value - mean) * (value - mean) }
    let variance = replicas.count > 1 ? squares / (count - 1) / count : 0
    self.init(mean, standardError: (variance + commonError * commonError).squareRoot())
  }

  /// The sum with a multiple of another, their errors added as if they had the same sign.
  func adding(_ other: Estimate, times factor: Double) -> Estimate {
    Estimate(
      value + factor * other.value,
      standardError: standardError + abs(factor) * other.standardError)
  }
}
