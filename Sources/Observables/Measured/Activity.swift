/// The mean |h_k| of the samples presented. `[observable.activity]`
public struct Activity: SampleQuantity {
  public var quantity: Quantity { .activity }
  public var pass: SamplePass { .learning }
  public var isPerUnit: Bool { true }
  public var isCost: Bool { true }

  /// Σ a |h_k| over samples and units.
  public func accumulate(_ block: SampleBlock, into sum: inout Double) {
    var total = sum
    let samples = block.answers.indices
    for row in block.fields {
      if let presence = block.presence {
        for j in samples { total += presence[j] * abs(row[j]) }
      } else {
        for j in samples { total += abs(row[j]) }
      }
    }
    sum = total
  }
}
