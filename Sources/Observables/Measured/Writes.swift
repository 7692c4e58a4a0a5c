/// How often a weight was written. `[observable.writes]`
public struct Writes: WeightQuantity {
  public let quantity = Quantity.writes
  public let span = ChangeSpan.step
  public let hasLimit = false

  /// 1 for any change.
  public func value(_ change: Double) -> Double { change != 0 ? 1 : 0 }

  public func mean(_ changes: KnownChanges) -> Double? { changes.probability }
}
