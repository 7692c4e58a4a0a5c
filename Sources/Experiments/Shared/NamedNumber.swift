internal import LearningProblem

/// `NAME=NUMBER` as one types it.
struct NamedNumber: Sendable, Equatable {
  let name: String
  let value: Double

  /// Reads one; throws a `UsageError` about `option` that says what is allowed.
  init(parsing text: some StringProtocol, option: String, allowed: String) throws {
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, let value = Magnitude.number(sides[1]), !sides[0].isEmpty else {
      throw UsageError(option, found: "'\(text)'", allowed: allowed)
    }
    name = String(sides[0])
    self.value = value
  }
}
