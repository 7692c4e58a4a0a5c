/// The power of the gradient that gets through. `[observable.squaredchange]`
public struct SquaredChange: WeightQuantity {
  public var quantity: Quantity { .squaredChange }
  public var span: ChangeSpan { .step }
  public var hasLimit: Bool { false }

  /// change².
  public func value(_ change: Double) -> Double { change * change }

  public func mean(_ changes: KnownChanges) -> Double? { changes.square }
}
