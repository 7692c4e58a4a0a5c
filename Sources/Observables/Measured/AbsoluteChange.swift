internal import NumericalKit

/// How far a weight has moved, back and forth, with what its memory has cost.
/// `[observable.absolutechange]` `[observable.upkeep]`
public struct AbsoluteChange: WeightQuantity {
  public var quantity: Quantity { .absoluteChange }
  public var span: ChangeSpan { .step }
  public var hasLimit: Bool { true }

  /// Creates the quantity, whose mean controls the noise of others. `[sampling.weightprobe]`
  public init() {}

  /// The cost of a memory is a length as well.
  public func counts(_ span: ChangeSpan) -> Bool { span == .step || span == .memory }

  /// |change|.
  public func value(_ change: Double) -> Double { abs(change) }

  /// Known of Gaussian changes. With switches they are a scale mixture over their paths.
  public func mean(_ changes: KnownChanges) -> Double? {
    guard changes.isGaussian else { return nil }
    return NormalDistribution.meanSize(mean: 0, deviation: max(changes.square, 0).squareRoot())
  }
}
