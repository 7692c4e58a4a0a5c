internal import LearningProblem

/// Some tasks of a sweep, as one types them: `3,7-20`, or the share `2/50` of all.
public struct TaskSelection: Sendable {
  private let ranges: [ClosedRange<Int>]
  private let share: (number: Int, of: Int)?

  /// All tasks.
  public static let all = TaskSelection(ranges: [], share: nil)

  private init(ranges: [ClosedRange<Int>], share: (number: Int, of: Int)?) {
    (self.ranges, self.share) = (ranges, share)
  }

  /// Reads numbers and ranges between commas; throws `UsageError`.
  public init(tasks text: String) throws {
    guard let numbers = NumberRanges(text) else {
      throw UsageError(
        "--tasks", found: text, allowed: "numbers of tasks from 1 and ranges, such as 3,7-20")
    }
    (ranges, share) = (numbers.ranges, nil)
  }

  /// Reads NUMBER/COUNT: every COUNT-th task from NUMBER on; throws `UsageError`.
  public init(share text: String) throws {
    let ends = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard ends.count == 2, ends[0] >= 1, ends[0] <= ends[1] else {
      throw UsageError(
        "--share", found: text,
        allowed: "NUMBER/COUNT with 1 <= NUMBER <= COUNT, such as 3/50: tasks 3, 53, 103, ...")
    }
    (ranges, share) = ([], (ends[0], ends[1]))
  }

  /// The selected ones of `count` tasks, ascending; throws `UsageError` for one that is not there.
  func numbers(of count: Int) throws -> [Int] {
    if let last = ranges.map(\.upperBound).max(), last > count {
      throw UsageError("--tasks", found: "\(last)", allowed: "tasks 1 to \(count) of this sweep")
    }
    if let share { return Array(stride(from: share.number, through: count, by: share.of)) }
    guard !ranges.isEmpty else { return Array(1...count) }
    return Set(ranges.joined()).sorted()
  }
}
