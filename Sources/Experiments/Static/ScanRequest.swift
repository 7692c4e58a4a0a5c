internal import Foundation
internal import LearningProblem

/// A numeric key of the problem file and the values it is to take: `KEY=FROM:TO:COUNT[:log]`.
public struct ScanRequest: Sendable, Equatable {
  /// The path of the key, such as `data.variance`.
  public let key: String
  /// The values, ascending; both ends are exact.
  public let values: [Double]
  /// Whether they are equally spaced on a logarithmic scale.
  public let isLogarithmic: Bool

  private static let form =
    "KEY=FROM:TO:COUNT or KEY=FROM:TO:COUNT:log with a key of the problem file, numbers FROM < TO "
    + "(and > 0 with log), and COUNT from 2 to 10000, such as samples_per_weight=0.5:10:40:log"

  /// Reads what was typed; throws `UsageError`.
  public init(_ text: String) throws {
    let wrong = UsageError("--scan", found: text, allowed: Self.form)
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty else { throw wrong }
    let words = sides[1].split(separator: ":", omittingEmptySubsequences: false)
    guard words.count == 3 || words.count == 4 && words[3] == "log",
      let from = Magnitude.number(words[0]), let to = Magnitude.number(words[1]),
      let count = Int(words[2]), abs(from) <= Magnitude.largest, abs(to) <= Magnitude.largest,
      from < to, (2...10_000).contains(count)
    else { throw wrong }
    let logarithmic = words.count == 4
    guard !logarithmic || from > 0 else { throw wrong }
    key = String(sides[0])
    isLogarithmic = logarithmic
    values = (0..<count).map { i in
      if i == 0 || i == count - 1 { return i == 0 ? from : to }
      let fraction = Double(i) / Double(count - 1)
      return logarithmic ? from * pow(to / from, fraction) : from + (to - from) * fraction
    }
  }
}
