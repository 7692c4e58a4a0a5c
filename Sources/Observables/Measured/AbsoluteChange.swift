internal import NumericalKit

/// How far a weight has moved, back and forth. `[observable.absolutechange]`
public struct AbsoluteChange: WeightQuantity {
  public let quantity = Quantity.absoluteChange
  public let span = ChangeSpan.step
  public let hasLimit = true

  /// Creates the quantity, whose mean controls the noise of others. `[sampling.weightprobe]`
  public init() {}

  /// |change|.
  public func value(_ change: Double) -> Double { abs(change) }

  /// Known of Gaussian changes. With switches they are a scale mixture over their paths.
  public func mean(_ changes: KnownChanges) -> Double? {
    guard changes.isGaussian else { return nil }
    return NormalDistribution.meanSize(mean: 0, deviation: max(changes.square, 0).squareRoot())
  }
}
