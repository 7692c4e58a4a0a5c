/// What it has cost to keep what a synapse remembers besides its weight. `[observable.upkeep]`
struct TransientCost: WeightQuantity {
  var quantity: Quantity { .transientCost }
  var span: ChangeSpan { .memory }
  var hasLimit: Bool { true }

  /// |cost|.
  func value(_ cost: Double) -> Double { abs(cost) }
}
