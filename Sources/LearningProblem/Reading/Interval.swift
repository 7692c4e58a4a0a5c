/// A set of allowed numbers, which can say what it allows.
///
/// Its numbers are of the sizes that `Magnitude` names.
public struct Interval: Sendable, CustomStringConvertible {
  /// What is allowed, for messages; sizes are left to `allowed(for:)`.
  public let description: String
  /// The sizes of its numbers, beside 0.
  private let sizes: ClosedRange<Double>
  /// Whether a number is allowed, apart from its size.
  private let isInside: @Sendable (Double) -> Bool
  /// Whether a number is not too close to an open end.
  private let isClear: @Sendable (Double) -> Bool

  private init(
    _ description: String, from smallest: Double = Magnitude.smallest,
    isClear: @escaping @Sendable (Double) -> Bool = { _ in true },
    _ isInside: @escaping @Sendable (Double) -> Bool
  ) {
    self.description = description
    self.isInside = isInside
    self.isClear = isClear
    sizes = smallest...Magnitude.largest
  }

  /// Whether a number is allowed.
  public func contains(_ number: Double) -> Bool {
    isInside(number) && (number == 0 || sizes.contains(abs(number))) && isClear(number)
  }

  /// What is allowed where `number` is not: the range, and the sizes if these are why.
  public func allowed(for number: Double?) -> String {
    guard let number, isInside(number), !contains(number) else { return description }
    return isClear(number)
      ? "\(description), of a size from \(sizes.lowerBound) to \(Magnitude.largestText); "
        + "use other units"
      : "\(description), at least \(Magnitude.smallest) from an end that it does not reach"
  }

  /// Any number.
  public static let finite = Interval("a finite number") { $0.isFinite }
  /// x > 0.
  public static let positive = Interval("a number > 0") { $0 > 0 }
  /// x >= 0.
  public static let nonNegative = Interval("a number >= 0") { $0 >= 0 }
  /// x > 0, the square of a size.
  public static let positiveSquare = Interval("a number > 0", from: Magnitude.smallestSquare) {
    $0 > 0
  }
  /// x >= 0, the square of a size.
  public static let nonNegativeSquare = Interval(
    "a number >= 0", from: Magnitude.smallestSquare
  ) { $0 >= 0 }
  /// lower < x < upper.
  public static func open(_ lower: Double, _ upper: Double) -> Interval {
    Interval(
      "a number with \(lower) < x < \(upper)",
      isClear: { $0 - lower >= Magnitude.smallest && upper - $0 >= Magnitude.smallest }
    ) { $0 > lower && $0 < upper }
  }
  /// lower < x <= upper.
  public static func leftOpen(_ lower: Double, _ upper: Double) -> Interval {
    Interval(
      "a number with \(lower) < x <= \(upper)", isClear: { $0 - lower >= Magnitude.smallest }
    ) { $0 > lower && $0 <= upper }
  }
  /// lower <= x < upper.
  public static func rightOpen(_ lower: Double, _ upper: Double) -> Interval {
    Interval(
      "a number with \(lower) <= x < \(upper)", isClear: { upper - $0 >= Magnitude.smallest }
    ) { $0 >= lower && $0 < upper }
  }
  /// lower <= x <= upper.
  public static func closed(_ lower: Double, _ upper: Double) -> Interval {
    Interval("a number with \(lower) <= x <= \(upper)") { $0 >= lower && $0 <= upper }
  }
  /// One of a few numbers.
  public static func oneOf(_ values: [Double]) -> Interval {
    Interval("one of " + values.map { "\($0)" }.joined(separator: ", ")) { values.contains($0) }
  }
}
