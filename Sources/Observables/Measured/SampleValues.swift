/// Values of quantities that are measured on samples; those that no closed form gives are missing.
public struct SampleValues: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  private var values: [Quantity: Double]

  /// Creates values by quantity.
  public init(dictionaryLiteral elements: (Quantity, Double)...) {
    values = Dictionary(uniqueKeysWithValues: elements)
  }

  /// The value of a quantity; nil if it is not known.
  public subscript(quantity: Quantity) -> Double? {
    get { values[quantity] }
    set { values[quantity] = newValue }
  }

  /// Takes from `others` what is not known.
  public mutating func complete(with others: SampleValues) {
    values.merge(others.values) { known, _ in known }
  }

  /// Adds the values of one more step; a quantity that was not known so far stays unknown.
  public mutating func add(_ others: SampleValues) {
    for (quantity, value) in others.values { values[quantity]? += value }
  }

  /// These values, with `totals` in the place of what is summed over the steps.
  public func with(totals: SampleValues) -> SampleValues {
    var values = self
    for quantity in SampleQuantities.all where quantity.pass == .learning {
      values[quantity.quantity] = totals[quantity.quantity]
    }
    return values
  }

  /// Zeros for the quantities that are known at all of these times.
  public static func zeros(ofKnown times: [SampleValues]) -> SampleValues {
    var zeros = SampleValues()
    for quantity in SampleQuantities.all.map(\.quantity) {
      if times.allSatisfy({ $0[quantity] != nil }) { zeros[quantity] = 0 }
    }
    return zeros
  }
}
