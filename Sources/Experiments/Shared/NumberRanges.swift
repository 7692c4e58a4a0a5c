/// Numbers from 1 on as one types them: `3,7-20`.
public struct NumberRanges: Sendable {
  /// In the order in which they were typed.
  public let ranges: [ClosedRange<Int>]

  /// Reads numbers and ranges between commas; nil for anything else.
  public init?(_ text: String) {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    ranges = words.compactMap { word in
      let ends = word.split(separator: "-", omittingEmptySubsequences: false)
        .map { $0.allSatisfy(\.isNumber) ? Int($0) ?? 0 : 0 }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, first >= 1,
        last >= first
      else { return nil }
      return first...last
    }
    guard ranges.count == words.count else { return nil }
  }

  /// Numbers that ascend, as one types them.
  static func text(_ numbers: [Int]) -> String {
    var ranges: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = ranges.last, last.upperBound + 1 == number {
        ranges[ranges.count - 1] = last.lowerBound...number
      } else {
        ranges.append(number...number)
      }
    }
    return ranges.map {
      $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: ",")
  }
}
