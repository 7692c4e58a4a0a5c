/// How often a weight was written. `[observable.writes]`
public struct Writes: WeightQuantity {
  public var quantity: Quantity { .writes }
  public var span: ChangeSpan { .step }
  public var hasLimit: Bool { false }

  /// 1 for any change.
  public func value(_ change: Double) -> Double { change != 0 ? 1 : 0 }

  public func mean(_ changes: KnownChanges) -> Double? { changes.probability }
}
