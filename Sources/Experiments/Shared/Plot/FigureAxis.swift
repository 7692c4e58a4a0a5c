internal import Foundation

/// Range and tics of an axis for positive numbers: logarithmic with tics at 1, 2, 5 from a decade on,
/// linear below.
enum FigureAxis {
  /// gnuplot's commands for the axis `name` (x or y) that shows `values`.
  static func commands(_ name: String, _ values: [Double]) -> String {
    let low = values.min() ?? 1
    let high = values.max() ?? 1
    guard low > 0, high >= 10 * low else {
      let margin = high > low ? 0.08 * (high - low) : 0.5 * max(abs(high), 1e-9)
      return "unset logscale \(name)\nset \(name)tics auto\n"
        + "set \(name)range [\(low - margin):\(high + margin)]\n"
    }
    return "set logscale \(name)\n\(logarithmicTics(name, low, high))"
      + "set \(name)range [\(low / 1.2):\(high * 1.2)]\n"
  }

  private static func logarithmicTics(_ name: String, _ low: Double, _ high: Double) -> String {
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    let mantissas = decades.count > 4 ? [1.0] : [1.0, 2.0, 5.0]
    let tics = decades.flatMap { decade in
      mantissas.map { String(format: "%g", $0 * pow(10, Double(decade))) }
    }
    return "set \(name)tics (\(tics.joined(separator: ", ")))\n"
  }
}
