/// How far a weight has come. `[observable.netchange]`
public struct NetChange: WeightQuantity {
  public let quantity = Quantity.netChange
  public let span = ChangeSpan.sinceStart
  public let hasLimit = true

  /// |change|.
  public func value(_ change: Double) -> Double { abs(change) }

  public func mean(_ changes: KnownChanges) -> Double? { AbsoluteChange().mean(changes) }
}
