/// The sizes that the numbers of a problem may have, and how they are written: the one place that
/// says so for problem files, overrides and the command line.
///
/// A number is 0 where its range holds 0, or of a size from 1e-12 to 1e12, so that products of a
/// few of them are numbers too; a variance, the square of such a size, and samples per weight,
/// which may be next to none, go down to 1e-24. The open end of a range is at least 1e-12 away.
public enum Magnitude {
  /// The smallest size but 0, and the least distance to an open end.
  public static let smallest = 1e-12
  /// The smallest variance but 0, and the fewest samples per weight.
  public static let smallestSquare = 1e-24
  /// The largest size.
  public static let largest = 1e12
  /// The largest size, as messages write it.
  public static let largestText = "1e12"
  /// The largest whole number that a Double holds together with all smaller ones, 2^53.
  static let largestExact = 9_007_199_254_740_992.0

  /// The number that a decimal text stands for, such as `16`, `-0.5`, `.5` or `1e-3`; nil for all
  /// else: words, hexadecimal, separators, leading zeros, and what no Double holds.
  public static func number(_ text: some StringProtocol) -> Double? {
    guard let isZero = isZero(text.utf8), let number = Double(String(text)), number.isFinite,
      number != 0 || isZero
    else { return nil }
    return number + 0  // -0 is 0
  }

  /// The whole number that a decimal text stands for, exactly; nil for all else.
  public static func whole(_ text: some StringProtocol) -> Int? {
    guard let number = number(text) else { return nil }
    if let whole = Int(String(text)) { return whole }
    return abs(number) <= largestExact ? Int(exactly: number) : nil
  }

  /// Whether a decimal number has no digit but 0 in front of its exponent; nil if it is none.
  private static func isZero(_ text: some Collection<UInt8>) -> Bool? {
    let zero = UInt8(ascii: "0")
    var index = text.startIndex
    var isZero = true
    func next() -> UInt8? { index < text.endIndex ? text[index] : nil }
    func skipSign() {
      guard let first = next(), first == UInt8(ascii: "+") || first == UInt8(ascii: "-") else {
        return
      }
      text.formIndex(after: &index)
    }
    func countDigits() -> Int {
      var count = 0
      while let byte = next(), (zero...UInt8(ascii: "9")).contains(byte) {
        if byte != zero { isZero = false }
        count += 1
        text.formIndex(after: &index)
      }
      return count
    }
    skipSign()
    let startsWithZero = next() == zero
    let whole = countDigits()
    var fraction = 0
    if next() == UInt8(ascii: ".") {
      text.formIndex(after: &index)
      fraction = countDigits()
    }
    guard whole + fraction > 0, whole < 2 || !startsWithZero else { return nil }
    let mantissaIsZero = isZero
    if let first = next(), first | 0x20 == UInt8(ascii: "e") {
      text.formIndex(after: &index)
      skipSign()
      guard countDigits() > 0 else { return nil }
    }
    return index == text.endIndex ? mantissaIsZero : nil
  }
}
