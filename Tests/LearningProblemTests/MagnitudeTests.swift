import LearningProblem
import Testing

/// The one place that says how numbers are written and how large they may be.
struct MagnitudeTests {
  @Test(
    "decimal numbers are read, and nothing else",
    arguments: [
      ("16", 16), ("-0.5", -0.5), (".5", 0.5), ("5.", 5), ("+1", 1), ("1e-3", 1e-3), ("0", 0),
      ("1E5", 1e5), ("-0", 0), ("0.0", 0), ("0e400", 0),
    ] as [(String, Double)])
  func decimal(_ text: String, _ number: Double) {
    #expect(Magnitude.number(text) == number)
    #expect(Magnitude.number(text)?.sign != .minus || number < 0)
  }

  @Test(
    "words, hexadecimal, leading zeros, separators and what no Double holds are refused",
    arguments: [
      "", ".", "-", "e5", "1e", "0x10", "0x1p3", "010", "-007", "1_000", "1,5", "nan", "inf",
      ".inf",
      "infinity", "1e400", "-1e309", "1e-400", " 1", "1 ", "١", "1.2.3", "0b1", "0o17",
    ])
  func refused(_ text: String) { #expect(Magnitude.number(text) == nil) }

  @Test("whole numbers are exact, or refused")
  func whole() {
    #expect(Magnitude.whole("9007199254740993") == 9_007_199_254_740_993)
    #expect(Magnitude.whole("9223372036854775807") == .max)
    #expect(Magnitude.whole("1e3") == 1000 && Magnitude.whole("-3.0") == -3)
    for text in ["9223372036854775808", "1e17", "1.5", "0x10", "010"] {
      #expect(Magnitude.whole(text) == nil, "\(text)")
    }
  }

  @Test("ranges hold 0 and sizes from 1e-12 to 1e12, variances from 1e-24")
  func sizes() {
    #expect(Interval.nonNegative.contains(0) && Interval.finite.contains(0))
    #expect(Interval.positive.contains(1e-12) && Interval.positive.contains(1e12))
    #expect(Interval.positiveSquare.contains(1e-24) && !Interval.positiveSquare.contains(9e-25))
    for number in [1e-13, Double.leastNonzeroMagnitude, 1.1e12, 1e308, .infinity, .nan] {
      #expect(!Interval.positive.contains(number) && !Interval.nonNegative.contains(number))
      #expect(!Interval.finite.contains(-number))
    }
    #expect(!Interval.rightOpen(0, 1).contains(0.9999999999999999))
    #expect(!Interval.leftOpen(0, 1).contains(1e-13) && Interval.leftOpen(0, 1).contains(1))
    #expect(!Interval.open(-1, 1).contains(-1 + 1e-13))
    #expect(!Interval.open(-1, 1).contains(1 - 1e-13) && !Interval.positive.contains(0))
    #expect(Interval.closed(0, 1).contains(0) && Interval.closed(0, 1).contains(1))
  }

  @Test("messages name the sizes where these are why, and only there")
  func messages() {
    #expect(Interval.positive.allowed(for: -1) == "a number > 0")
    #expect(
      Interval.positive.allowed(for: 1e100)
        == "a number > 0, of a size from 1e-12 to 1e12; use other units")
    #expect(Interval.rightOpen(0, 1).allowed(for: 1 - 1e-14).contains("at least 1e-12"))
    for (range, number) in [
      (Interval.positive, 1), (.positive, 0), (.leftOpen(0, 1), 0), (.rightOpen(0, 1), 1),
    ] as [(Interval, Double)] {
      #expect(range.allowed(for: number) == range.description)
    }
  }

  @Test("texts in messages stay on one line, and long ones are cut in the middle")
  func shown() {
    let error = ProblemError(
      file: "a\u{1b}[31m.yaml", line: 3, path: String(repeating: "k", count: 5000),
      found: "x\ny\u{202e}" + String(repeating: "1", count: 100_000) + "9", allowed: "a number")
    #expect(!"\(error)".unicodeScalars.contains { $0.value < 32 || $0.value == 0x202e })
    #expect("\(error)".count < 400 && "\(error)".hasPrefix("a\\u{1b}[31m.yaml:3: kkk"))
    #expect("\(error)".contains("found x\\ny\\u{202e}111") && "\(error)".contains("1119; allowed"))
  }
}
