public import LearningProblem
public import NumericalKit

/// Values of quantities that are measured on weights, as sums or as means; what is not known is
/// missing.
public struct WeightValues: MemberwiseAdditive, Equatable {
  /// In the order of `WeightQuantities.all`.
  private var values: [Double?]

  public static let members: [Member] = [.of(\.values)]

  /// Nothing is known.
  public init() { values = WeightQuantities.all.map { _ in nil } }

  /// Nothing has changed, and memories are free.
  public static let zero: WeightValues = {
    var zero = WeightValues()
    for (place, quantity) in WeightQuantities.all.enumerated() where quantity.span != .memory {
      zero.values[place] = 0
    }
    return zero
  }()

  /// Nothing has changed yet by a rule.
  public static func zero(_ rule: any UpdateRule) -> WeightValues {
    var zero = Self.zero
    if rule.hasUpkeep { zero.add([], .memory) }
    return zero
  }

  /// Means over hidden units, of which closed equations know this over a span.
  public init(_ units: [KnownChanges], _ span: ChangeSpan) {
    self.init()
    for (place, quantity) in WeightQuantities.all.enumerated() where quantity.span == span {
      let means = units.compactMap { quantity.mean($0) }
      guard means.count == units.count else { continue }
      values[place] = means.reduce(0, +) / Double(units.count)
    }
  }

  /// The value of a quantity; nil if it is not known.
  public subscript(quantity: Quantity) -> Double? {
    get { values[place(quantity)] }
    set { values[place(quantity)] = newValue }
  }

  private func place(_ quantity: Quantity) -> Int {
    guard let place = WeightQuantities.quantities.firstIndex(of: quantity) else {
      preconditionFailure("\(quantity.name) is not measured on weights")
    }
    return place
  }

  /// The quantities of changes that are not known.
  public var unknown: [any WeightQuantity] {
    zip(WeightQuantities.all, values).compactMap { $0.span != .memory && $1 == nil ? $0 : nil }
  }

  // MARK: Sums

  /// Adds the changes of a block of weights, or what their memories cost, to the sums of a span.
  public mutating func add(_ changes: [Double], _ span: ChangeSpan) {
    for (place, quantity) in WeightQuantities.all.enumerated() where quantity.counts(span) {
      var sum = values[place] ?? 0
      quantity.accumulate(changes, into: &sum)
      values[place] = sum
    }
  }

  /// Turns sums over `count` weights into means.
  public mutating func divide(by count: Int) {
    for place in values.indices { values[place] = values[place].map { $0 / Double(count) } }
  }

  /// Takes one more step, to which `step` belongs; what was not known once stays unknown.
  public mutating func advance(by step: WeightValues) {
    for (place, quantity) in WeightQuantities.all.enumerated() {
      let new = step.values[place]
      switch quantity.span {
      case .step, .memory: values[place] = values[place].flatMap { old in new.map { old + $0 } }
      case .sinceStart: values[place] = new
      }
    }
  }

  // MARK: Known and unknown

  /// Takes from `others` what is not known.
  public mutating func complete(with others: WeightValues) {
    for (place, other) in others.values.enumerated() where values[place] == nil {
      values[place] = other
    }
  }

  /// These values without those that `others` does not know.
  public func known(to others: WeightValues) -> WeightValues {
    var known = self
    for (place, other) in others.values.enumerated() where other == nil {
      known.values[place] = nil
    }
    return known
  }

  /// Means over parts, each with its share of the weights; what one does not know is missing.
  public static func mean(_ parts: [(share: Double, values: WeightValues)]) -> WeightValues {
    var mean = WeightValues()
    for place in mean.values.indices {
      let known = parts.compactMap { part in part.values.values[place].map { part.share * $0 } }
      if known.count == parts.count { mean.values[place] = known.dropFirst().reduce(known[0], +) }
    }
    return mean
  }

  /// Writes and squares: what is the same for weights and for their projections. `[inputs.axes]`
  public var ofSquares: WeightValues {
    var known = WeightValues()
    for quantity in [Quantity.writes, .squaredChange] { known[quantity] = self[quantity] }
    return known
  }

  /// What has a limit in continuous time, unlike the number of writes, and lengths under the noise
  /// of mini-batches that are drawn anew. `[flow.lengths]`
  public func inContinuousTime(of dynamics: Dynamics) -> WeightValues {
    var known = self
    for (place, quantity) in WeightQuantities.all.enumerated() {
      if !quantity.hasLimit || quantity.span == .step && !dynamics.hasLengths {
        known.values[place] = nil
      }
    }
    return known
  }

  // MARK: What follows

  /// Absolute over net change; 1 where nothing has changed. `[observable.inefficiency]`
  ///
  /// At least 1 by the triangle inequality if the moments are those of a distribution:
  /// `isConsistent`.
  public var inefficiency: Double? {
    guard let absolute = self[.absoluteChange], let net = self[.netChange] else { return nil }
    return net > 0 ? absolute / net : 1
  }

  /// Whether squares are not negative and the absolute change is not below the net change, up to
  /// rounding.
  public var isConsistent: Bool {
    self[.squaredChange] ?? 0 >= 0 && !(inefficiency ?? 1 < 1 - 1e-9)
  }

  /// Records what is known in the current row.
  public func record(in recording: inout Recording) {
    for (quantity, value) in zip(WeightQuantities.quantities, values) {
      if let value { recording.record(Observable(quantity), value) }
    }
    if let inefficiency { recording.record(.inefficiency, inefficiency) }
  }
}
