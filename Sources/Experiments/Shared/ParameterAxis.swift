internal import Foundation
internal import LearningProblem

/// A key of the problem file, or `seed`, and the values it is to take, as one types them.
public struct ParameterAxis: Sendable, Equatable {
  /// What may stand behind `KEY=`.
  public enum Form: Sendable {
    /// FROM:TO:COUNT and FROM:TO:COUNT:log.
    case range
    /// Also FROM:TO, all whole numbers between two, and lists of anything: a,b,c.
    case any
  }

  /// The path of the key, such as `data.variance`.
  public let key: String
  /// The values as `--set` takes them, at least one.
  public let texts: [String]
  /// The values as numbers; none if any of them is something else.
  public let values: [Double]
  /// Whether they are equally spaced on a logarithmic scale.
  public let isLogarithmic: Bool

  /// The most values of an axis.
  static let most = 10_000
  private static let range =
    "KEY=FROM:TO:COUNT or KEY=FROM:TO:COUNT:log with a key of the problem file, numbers FROM < TO "
    + "(and > 0 with log), and COUNT from 2 to \(most), such as samples_per_weight=0.5:10:40:log"
  private static let any =
    range + "; or KEY=FROM:TO with whole numbers, such as seed=1:5; or a list of different values, "
    + "such as weight_mask.density=0.1,0.3,1"

  /// Reads what was typed behind `option`; throws `UsageError`.
  public init(_ text: String, option: String, takes form: Form) throws {
    let wrong = UsageError(option, found: text, allowed: form == .range ? Self.range : Self.any)
    let sides = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard sides.count == 2, !sides[0].isEmpty else { throw wrong }
    key = String(sides[0])
    if let range = Self.range(sides[1]) {
      (values, isLogarithmic) = range
      texts = values.map(Self.text)
    } else if form == .any, let whole = Self.wholeNumbers(sides[1]) {
      (texts, isLogarithmic) = (whole.map(String.init), false)
      values = whole.map(Double.init)
    } else if form == .any, let list = Self.list(sides[1]) {
      (texts, isLogarithmic) = (list, false)
      let numbers = list.compactMap(Magnitude.number)
      values = numbers.count == list.count ? numbers : []
    } else {
      throw wrong
    }
  }

  /// An axis that was read before.
  init(key: String, texts: [String], isLogarithmic: Bool) {
    (self.key, self.texts, self.isLogarithmic) = (key, texts, isLogarithmic)
    let numbers = texts.compactMap(Magnitude.number)
    values = numbers.count == texts.count ? numbers : []
  }

  /// FROM:TO:COUNT[:log]; both ends are exact.
  private static func range(_ text: Substring) -> (values: [Double], isLogarithmic: Bool)? {
    let words = text.split(separator: ":", omittingEmptySubsequences: false)
    guard words.count == 3 || words.count == 4 && words[3] == "log",
      let from = Magnitude.number(words[0]), let to = Magnitude.number(words[1]),
      let count = Int(words[2]), abs(from) <= Magnitude.largest, abs(to) <= Magnitude.largest,
      from < to, (2...most).contains(count)
    else { return nil }
    let logarithmic = words.count == 4
    guard !logarithmic || from > 0 else { return nil }
    let values = (0..<count).map { i in
      if i == 0 || i == count - 1 { return i == 0 ? from : to }
      let fraction = Double(i) / Double(count - 1)
      return logarithmic ? from * pow(to / from, fraction) : from + (to - from) * fraction
    }
    return (values, logarithmic)
  }

  /// FROM:TO.
  private static func wholeNumbers(_ text: Substring) -> [Int]? {
    let words = text.split(separator: ":", omittingEmptySubsequences: false)
    guard words.count == 2, let from = Magnitude.whole(words[0]),
      let to = Magnitude.whole(words[1]), from < to, to - from < most
    else { return nil }
    return Array(from...to)
  }

  /// Different values between commas, which separate nothing inside brackets and quotes.
  private static func list(_ text: Substring) -> [String]? {
    var values = [""]
    var depth = 0
    var quote: Character?
    for character in text {
      if let open = quote {
        if character == open { quote = nil }
      } else {
        switch character {
        case "[", "{": depth += 1
        case "]", "}": depth -= 1
        case "\"", "'": quote = character
        case ":" where depth == 0: return nil  // a range that is none
        case "," where depth == 0:
          values.append("")
          continue
        default: break
        }
      }
      values[values.count - 1].append(character)
    }
    let trimmed = values.map { $0.trimmingCharacters(in: .whitespaces) }
    guard trimmed.allSatisfy({ !$0.isEmpty }), Set(trimmed).count == trimmed.count,
      trimmed.count <= most
    else { return nil }
    return trimmed
  }

  /// The fewest digits that read back as the same number, whole ones without a point.
  private static func text(_ value: Double) -> String {
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
