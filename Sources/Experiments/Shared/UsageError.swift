internal import LearningProblem

/// Options that cannot be taken as they stand; ends a command with `Failure.usage`.
public struct UsageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// One sentence with the option, what was found and what is allowed.
  public let description: String

  /// An option with a value that is not allowed.
  init(_ option: String, found: String, allowed: String) {
    description =
      "\(option): found \(found.shown(limit: 160)); allowed: \(allowed.shown(limit: 800))"
  }
}
