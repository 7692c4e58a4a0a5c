/// The sizes that the numbers of a problem may have, and how they are written: the one place that
/// says so for problem files, overrides and the command line.
///
/// A number is 0 where its range holds 0, or of a size from 1e-12 to 1e12, so that products of a
/// few of them are numbers too; a variance, the square of such a size, goes down to 1e-24. The open
/// end of a range is at least 1e-12 away.
public enum Magnitude {
  /// The smallest size but 0, and the least distance to an open end.
  public static let smallest = 1e-12
  /// The smallest variance but 0.
  public static let smallestVariance = 1e-24
  /// The largest size.
  public static let largest = 1e12
  /// The largest size, as messages write it.
  public static let largestText = "1e12"
  /// The largest whole number that a Double holds together with all smaller ones, 2^53.
  static let largestExact = 9_007_199_254_740_992.0

  /// The number that a decimal text stands for, such as `16`, `-0.5`, `.5` or `1e-3`; nil for all
  /// else: words, hexadecimal, separators, leading zeros, and what no Double holds.
  public static func number(_ text: some StringProtocol) -> Double? {
    guard let digits = mantissa(text.utf8), let number = Double(String(text)),
      number.isFinite, number != 0 || digits.allSatisfy({ $0 == UInt8(ascii: "0") })
    else { return nil }
    return number + 0  // -0 is 0
  }

  /// The whole number that a decimal text stands for, exactly; nil for all else.
  public static func whole(_ text: some StringProtocol) -> Int? {
    guard let number = number(text) else { return nil }
    if let whole = Int(String(text)) { return whole }
    return abs(number) <= largestExact ? Int(exactly: number) : nil
  }

  /// The digits in front of the exponent of a decimal number; nil if it is none.
  private static func mantissa(_ text: some Collection<UInt8>) -> [UInt8]? {
    var rest = text[...]
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    func skipSign() {
      if let first = rest.first, first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
    }
    func digits() -> [UInt8] {
      let digits = Array(rest.prefix(while: isDigit))
      rest = rest.dropFirst(digits.count)
      return digits
    }
    skipSign()
    let whole = digits()
    var fraction = [UInt8]()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = digits()
    }
    guard !(whole + fraction).isEmpty, whole.count < 2 || whole[0] != UInt8(ascii: "0") else {
      return nil
    }
    if let first = rest.first, first | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      skipSign()
      guard !digits().isEmpty else { return nil }
    }
    return rest.isEmpty ? whole + fraction : nil
  }
}
