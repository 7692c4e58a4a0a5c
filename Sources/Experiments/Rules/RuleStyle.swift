/// How a rule is drawn: one colour per kind; rules of one kind differ in dashes and shapes.
struct RuleStyle {
  private static let colours = [
    "#000000", "#0060ad", "#d95319", "#2e8b57", "#a2142f", "#7e2f8e", "#b8860b", "#00a0b0",
    "#e377c2", "#7f7f7f", "#6aa84f",
  ]
  private static let shapes: [Plot.Marker.Shape] = [.disc, .square, .triangle, .diamond]
  private static let dashes: [Plot.Line.Dash] = [.solid, .dashed, .dotted, .dashDotted]

  /// Colour of lines and points.
  let colour: String
  /// The line along the run.
  let line: Plot.Line
  /// The point where it ends.
  let marker: Plot.Marker

  /// Styles for rules of these kinds, in their order.
  static func styles(_ kinds: [String]) -> [RuleStyle] {
    var seen: [String] = []
    return kinds.enumerated().map { index, kind in
      if !seen.contains(kind) { seen.append(kind) }
      let number = seen.firstIndex(of: kind) ?? 0
      let place = kinds[..<index].count { $0 == kind } % shapes.count
      return RuleStyle(
        colour: colours[number % colours.count], line: Plot.Line(dash: dashes[place]),
        marker: Plot.Marker(shapes[place], size: 0.8))
    }
  }
}
