/// How far a weight has come. `[observable.netchange]`
public struct NetChange: WeightQuantity {
  public var quantity: Quantity { .netChange }
  public var span: ChangeSpan { .sinceStart }
  public var hasLimit: Bool { true }

  /// |change|.
  public func value(_ change: Double) -> Double { abs(change) }

  public func mean(_ changes: KnownChanges) -> Double? { AbsoluteChange().mean(changes) }
}
