/// The fraction of the training samples that a step learns from. `[observable.samples]`
public struct SamplesUsed: SampleQuantity {
  public var quantity: Quantity { .samplesUsed }
  public var pass: SamplePass { .learning }
  public var isPerUnit: Bool { false }
  public var isCost: Bool { true }

  /// Σ a over samples.
  public func accumulate(_ block: SampleBlock, into sum: inout Double) {
    sum += block.presence?.prefix(block.answers.count).reduce(0, +) ?? Double(block.answers.count)
  }
}
