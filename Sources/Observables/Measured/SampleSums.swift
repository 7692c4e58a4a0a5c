public import NumericalKit

/// Running sums over samples of all quantities that are measured on them.
public struct SampleSums: MemberwiseAdditive {
  /// In the order of `SampleQuantities.all`.
  private var sums = [Double](repeating: 0, count: SampleQuantities.all.count)

  /// Nothing yet.
  public init() {}

  public static let members: [Member] = [.of(\.sums)]

  /// Adds the samples of a block to the quantities of a pass.
  public mutating func add(_ block: SampleBlock, _ pass: SamplePass) {
    for place in SampleQuantities.places(pass) {
      SampleQuantities.all[place].accumulate(block, into: &sums[place])
    }
  }

  /// Adds the samples of a block to the quantities of a pass, those per unit as means over the
  /// units of this block.
  public mutating func addMeans(_ block: SampleBlock, _ pass: SamplePass) {
    for place in SampleQuantities.places(pass) {
      let quantity = SampleQuantities.all[place]
      var sum = 0.0
      quantity.accumulate(block, into: &sum)
      sums[place] += quantity.isPerUnit ? sum / Double(block.fields.count) : sum
    }
  }

  /// Values of the quantities of a pass.
  ///
  /// - Parameters:
  ///   - pass: the pass whose quantities are wanted.
  ///   - samples: how many samples the sums are over; 1 for averages.
  ///   - units: K, by which quantities per unit are divided; 1 if they are means already.
  ///   - samplesPerWeight: α.
  public func values(
    _ pass: SamplePass, samples: Int = 1, units: Int, samplesPerWeight: Double
  ) -> SampleValues {
    var values = SampleValues()
    for place in SampleQuantities.places(pass) {
      let quantity = SampleQuantities.all[place]
      values[place: place] =
        quantity.scaled(sums[place], samplesPerWeight: samplesPerWeight)
        / Double(quantity.isPerUnit ? samples * units : samples)
    }
    return values
  }
}
