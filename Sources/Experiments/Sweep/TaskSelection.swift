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
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    ranges = words.compactMap { word in
      let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        .map { $0.allSatisfy(\.isNumber) ? Int($0) ?? 0 : 0 }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, first >= 1,
        last >= first
      else { return nil }
      return first...last
    }
    share = nil
    guard ranges.count == words.count else {
      throw UsageError(
        "--tasks", found: text, allowed: "numbers of tasks from 1 and ranges, such as 3,7-20")
    }
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

  /// Numbers as one types them: `3,7-20`.
  static func text(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound == number - 1 {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map { range in
      range.count == 1
        ? "\(range.lowerBound)"
        : "\(range.lowerBound)\(range.count == 2 ? "," : "-")\(range.upperBound)"
    }.joined(separator: ",")
  }
}
