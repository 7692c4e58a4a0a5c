/// A set of allowed numbers, which can say what it allows.
public struct Interval: Sendable, CustomStringConvertible {
  /// Whether a number is allowed.
  public let contains: @Sendable (Double) -> Bool
  /// What is allowed, for messages.
  public let description: String

  private init(_ description: String, _ contains: @escaping @Sendable (Double) -> Bool) {
    self.description = description
    self.contains = contains
  }

  /// Any number.
  public static let finite = Interval("a finite number") { $0.isFinite }
  /// x > 0.
  public static let positive = Interval("a number > 0") { $0 > 0 }
  /// x >= 0.
  public static let nonNegative = Interval("a number >= 0") { $0 >= 0 }
  /// lower < x < upper.
  public static func open(_ lower: Double, _ upper: Double) -> Interval {
    Interval("a number with \(lower) < x < \(upper)") { $0 > lower && $0 < upper }
  }
  /// lower < x <= upper.
  public static func leftOpen(_ lower: Double, _ upper: Double) -> Interval {
    Interval("a number with \(lower) < x <= \(upper)") { $0 > lower && $0 <= upper }
  }
  /// lower <= x < upper.
  public static func rightOpen(_ lower: Double, _ upper: Double) -> Interval {
    Interval("a number with \(lower) <= x < \(upper)") { $0 >= lower && $0 < upper }
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
