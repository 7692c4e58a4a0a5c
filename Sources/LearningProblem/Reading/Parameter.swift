/// One key of the problem file: the single source of its range, default and description.
///
/// The YAML reader validates against it and `dmft list` prints it.
public struct Parameter: Sendable {
  /// What form a value takes.
  public enum Form: Sendable {
    /// A number in an interval.
    case number(Interval)
    /// A number in an interval, or a schedule of such numbers.
    case schedule(Interval)
    /// A whole number in a range.
    case integer(ClosedRange<Int>)
    /// One of a few words.
    case choice([String])
    /// A list of numbers, each in an interval.
    case numbers(Interval)
    /// A number, or a matrix as a list of rows.
    case matrix
    /// A list of rows of numbers.
    case rows
    /// A list of numbers, or of rows of numbers.
    case listOrRows
    /// A text on one line.
    case text
    /// A list of texts.
    case texts
  }

  /// What happens when the key is missing.
  public enum Presence: Sendable, Equatable {
    /// The file is refused.
    case required
    /// The key may be left out.
    case optional
    /// This value is taken.
    case standard(String)
  }

  /// The key.
  public let name: String
  /// The form of its value.
  public let form: Form
  /// Meaning, with the symbol of `theory/` where it has one.
  public let summary: String
  /// What a missing key means.
  public let presence: Presence

  /// Declares a key; `default` is shorthand for a presence of `.standard`.
  public init(
    _ name: String, _ form: Form, _ summary: String, default standard: String? = nil,
    optional: Bool = false
  ) {
    self.name = name
    self.form = form
    self.summary = summary
    presence = optional ? .optional : standard.map { .standard($0) } ?? .required
  }

  /// The number that stands where the key is missing; nil if there is none.
  package var standardNumber: Double? {
    if case .standard(let text) = presence { Magnitude.number(text) } else { nil }
  }

  /// Whether a single number is a value of this key.
  public func allows(_ number: Double) -> Bool {
    switch form {
    case .number(let interval), .schedule(let interval): interval.contains(number)
    case .integer(let range): Int(exactly: number).map(range.contains) ?? false
    case .choice, .numbers, .matrix, .rows, .listOrRows, .text, .texts: false
    }
  }

  /// The range of its numbers; any number for a form that has none.
  var interval: Interval {
    switch form {
    case .number(let interval), .schedule(let interval), .numbers(let interval): interval
    default: .finite
    }
  }

  /// What is allowed where the single value `number` is not; nil stands for what is no number.
  public func allowed(for number: Double?) -> String {
    switch form {
    case .number(let interval), .schedule(let interval): interval.allowed(for: number)
    default: allowed
    }
  }

  /// What is allowed where `number` is not in `interval`; nil stands for what is no number.
  func allowed(for number: Double?, in interval: Interval) -> String {
    switch form {
    case .number, .schedule: interval.allowed(for: number)
    case .numbers: "a list, each entry \(interval.allowed(for: number))"
    case .matrix, .rows, .listOrRows:
      number.map { "each entry \(interval.allowed(for: $0))" } ?? allowed
    case .integer, .choice, .text, .texts: allowed
    }
  }

  /// What is allowed, for messages and `dmft list`.
  public var allowed: String {
    switch form {
    case .number(let interval): interval.description
    case .schedule(let interval): "\(interval.description), or a schedule of such numbers"
    case .integer(let range):
      range.upperBound == .max
        ? "a whole number >= \(range.lowerBound)"
        : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let words): "one of " + words.joined(separator: ", ")
    case .numbers(let interval): "a list, each entry \(interval)"
    case .matrix: "a number for every entry, or a matrix as a list of rows"
    case .rows: "a list of rows of numbers, all of one length"
    case .listOrRows: "a list of numbers, or of rows of numbers, all of one length"
    case .text: "a text"
    case .texts: "a list of texts or numbers"
    }
  }
}
