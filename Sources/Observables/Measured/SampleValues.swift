/// Values of quantities that are measured on samples; those that no closed form gives are missing.
public struct SampleValues: Sendable, Equatable, ExpressibleByDictionaryLiteral {
  /// In the order of `SampleQuantities.all`.
  private var values = [Double?](repeating: nil, count: SampleQuantities.all.count)

  /// Creates values by quantity.
  public init(dictionaryLiteral elements: (Quantity, Double)...) {
    for (quantity, value) in elements { self[quantity] = value }
  }

  /// The value of a quantity; nil if it is not known.
  public subscript(quantity: Quantity) -> Double? {
    get { values[place(quantity)] }
    set { values[place(quantity)] = newValue }
  }

  /// The value of the quantity at a place of `SampleQuantities.all`.
  subscript(place place: Int) -> Double? {
    get { values[place] }
    set { values[place] = newValue }
  }

  private func place(_ quantity: Quantity) -> Int {
    guard let place = SampleQuantities.quantities.firstIndex(of: quantity) else {
      preconditionFailure("\(quantity.name) is not measured on samples")
    }
    return place
  }

  /// Takes from `others` what is not known.
  public mutating func complete(with others: SampleValues) {
    for (place, other) in others.values.enumerated() where values[place] == nil {
      values[place] = other
    }
  }

  /// The mean of values with shares that sum to 1; what is not known of all of them is missing.
  public static func mean(_ parts: [(share: Double, values: SampleValues)]) -> SampleValues {
    var mean = zeros(ofKnown: parts.map(\.values))
    for (share, values) in parts {
      for (place, value) in values.values.enumerated() {
        if let value { mean.values[place]? += share * value }
      }
    }
    return mean
  }

  /// Adds the values of one more step; a quantity that was not known so far stays unknown.
  public mutating func add(_ others: SampleValues) {
    for (place, other) in others.values.enumerated() {
      if let other { values[place]? += other }
    }
  }

  /// These values, with `totals` in the place of what is summed over the steps.
  public func with(totals: SampleValues) -> SampleValues {
    var values = self
    for place in SampleQuantities.places(.learning) { values[place: place] = totals[place: place] }
    return values
  }

  /// Zeros for the quantities that are known at all of these times.
  public static func zeros(ofKnown times: [SampleValues]) -> SampleValues {
    var zeros = SampleValues()
    for place in zeros.values.indices where times.allSatisfy({ $0[place: place] != nil }) {
      zeros[place: place] = 0
    }
    return zeros
  }
}
