/// The places where the cost of a sample has kinks as a function of its fields.
///
/// Integrals over fields are split there; a kink that is not named costs time, not accuracy.
public struct Kinks: Sendable, Equatable {
  /// Whether it has one where a field is 0.
  public let atZeroFields: Bool
  /// The margin at which it has one.
  public let margin: Double?

  /// Creates the description; without arguments there are no kinks.
  public init(atZeroFields: Bool = false, margin: Double? = nil) {
    self.atZeroFields = atZeroFields
    self.margin = margin
  }

  /// Whether there are none.
  public var isEmpty: Bool { !atZeroFields && margin == nil }
}
