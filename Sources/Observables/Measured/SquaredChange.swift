/// The power of the gradient that gets through. `[observable.squaredchange]`
public struct SquaredChange: WeightQuantity {
  public let quantity = Quantity.squaredChange
  public let span = ChangeSpan.step
  public let hasLimit = false

  /// change².
  public func value(_ change: Double) -> Double { change * change }

  public func mean(_ changes: KnownChanges) -> Double? { changes.square }
}
