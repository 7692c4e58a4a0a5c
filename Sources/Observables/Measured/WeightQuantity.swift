/// Over which time a change of a weight goes, and how it counts over the steps.
public enum ChangeSpan: Sendable {
  /// One step; the value is the sum over the steps done.
  case step
  /// From the start; the value is that of the time.
  case sinceStart
  /// None: what it costs in one step to keep what a synapse remembers besides its weight; the value
  /// is the sum over the steps done, and is missing where that is free. `[observable.upkeep]`
  case memory
}

/// A quantity that is a mean over the weights of a function f of their changes, or of what their
/// memories cost, the same for theory and training.
///
/// Changes are those of the lasting part of a synapse, which is the whole weight for all update
/// rules but `caching`. Both solvers hand them over block by block, sampled weights there, trained
/// ones here, in a fixed order. A closed weight site gives the mean analytically or leaves it to
/// probes.
public protocol WeightQuantity: Sendable {
  /// What is recorded.
  var quantity: Quantity { get }
  /// Which changes it is about.
  var span: ChangeSpan { get }
  /// Whether values of a span count as changes of its own.
  func counts(_ span: ChangeSpan) -> Bool
  /// Whether it has a limit in continuous time: a sum over steps has one if f(a x) = a f(x), a > 0.
  var hasLimit: Bool { get }
  /// f of a change: even, as a sampled weight stands for its mirror image too, and f(0) = 0.
  func value(_ change: Double) -> Double
  /// E f of changes of which closed equations know this; nil if it does not follow.
  func mean(_ changes: KnownChanges) -> Double?
  /// Adds f of each change to the running sum, in order.
  func accumulate(_ changes: [Double], into sum: inout Double)
  /// f of each change.
  func values(_ changes: [Double]) -> [Double]
}

extension WeightQuantity {
  /// Only its own span.
  public func counts(_ span: ChangeSpan) -> Bool { span == self.span }

  /// Nothing is known.
  public func mean(_ changes: KnownChanges) -> Double? { nil }

  // Loops over whole blocks are compiled for each quantity; none has its own.
  public func accumulate(_ changes: [Double], into sum: inout Double) {
    var total = sum
    for change in changes { total += value(change) }
    sum = total
  }

  public func values(_ changes: [Double]) -> [Double] {
    var values = changes
    var span = values.mutableSpan
    for index in span.indices { span[index] = value(span[index]) }
    return values
  }
}

/// What closed equations know of the changes of a weight.
public struct KnownChanges: Sendable {
  /// The probability of a change; nil if it is not known.
  public var probability: Double?
  /// The mean squared change, which rounding may leave below 0.
  public var square: Double
  /// Whether changes are Gaussian, of mean zero.
  public var isGaussian: Bool

  /// Creates the knowledge of changes.
  public init(probability: Double? = nil, square: Double, isGaussian: Bool) {
    self.probability = probability
    self.square = square
    self.isGaussian = isGaussian
  }
}

/// All quantities that are measured on weights, in the order of recordings.
public enum WeightQuantities {
  /// One of each.
  public static let all: [any WeightQuantity] = [
    Writes(), AbsoluteChange(), SquaredChange(), NetChange(), TransientCost(),
  ]

  /// What is recorded of each.
  static let quantities = all.map(\.quantity)
}
