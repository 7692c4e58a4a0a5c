internal import Foundation

/// How numbers are printed in reports.
enum Number {
  /// Twelve digits: more than is known, fewer than the last ones, in which C libraries may differ.
  static func csv(_ number: Double) -> String { String(format: "%.12g", number) }

  /// Six digits.
  static func short(_ number: Double) -> String { String(format: "%.6g", number) }

  /// Two digits, for what is known to a factor of two.
  static func rough(_ number: Double) -> String { String(format: "%.2g", number) }

  /// Four digits and a power of ten, for columns that span many.
  static func scientific(_ number: Double) -> String { String(format: "%.3e", number) }
}
