/// How a rule is drawn: one colour per kind; rules of one kind differ in dashes and shapes.
struct RuleStyle {
  private static let colours = [
    "#000000", "#0060ad", "#d95319", "#2e8b57", "#a2142f", "#7e2f8e", "#b8860b", "#00a0b0",
    "#e377c2", "#7f7f7f", "#6aa84f",
  ]
  private static let shapes = [7, 5, 9, 13]

  /// Colour of lines and points.
  let colour: String
  /// gnuplot's number of a dash.
  let dash: Int
  /// gnuplot's number of a point.
  let shape: Int

  /// For a line.
  var line: String { "lw 2 dt \(dash) lc '\(colour)'" }
  /// For points.
  var point: String { "pt \(shape) ps 0.8 lc '\(colour)'" }
  /// For both, in the legend.
  var text: String { "\(line) pt \(shape) ps 0.8" }

  /// Styles for rules of these kinds, in their order.
  static func styles(_ kinds: [String]) -> [RuleStyle] {
    var seen: [String] = []
    return kinds.enumerated().map { index, kind in
      if !seen.contains(kind) { seen.append(kind) }
      let number = seen.firstIndex(of: kind) ?? 0
      let place = kinds[..<index].count { $0 == kind } % shapes.count
      return RuleStyle(
        colour: colours[number % colours.count], dash: place + 1, shape: shapes[place])
    }
  }
}
