/// What gnuplot draws of the cells of a panel and its scale of colours.
struct GnuplotColours {
  private let scale: Plot.ColourScale?
  /// A data block: centre, ends and value of each cell.
  let data: String
  /// The cells; without any, what makes gnuplot draw the bar alone.
  let cells: [String]

  /// The cells of a panel as the block called `name`.
  init(_ panel: Plot.Panel, name: String) {
    scale = panel.colours
    guard let scale else {
      (data, cells) = ("", [])
      return
    }
    let rows = panel.cells.map { cell in
      let (x, y) = (cell.x, cell.y)
      return [
        x.lowerBound, y.lowerBound, x.lowerBound, x.upperBound, y.lowerBound, y.upperBound,
        cell.value,
      ].map { "\($0)" }.joined(separator: " ") + "\n"
    }
    data = rows.isEmpty ? "" : "\(name) << EOD\n\(rows.joined())EOD\n"
    cells = [
      rows.isEmpty
        ? "'+' using 1:(NaN):(\(scale.low)) with points lc palette notitle"
        : "\(name) using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid 1 noborder lc palette "
          + "notitle"
    ]
  }

  /// The commands for the bar between these ends, in fractions of the figure.
  func bar(_ place: (x: ClosedRange<Double>, y: ClosedRange<Double>)) -> String {
    guard let scale else { return "unset colorbox\n" }
    let colours = Plot.ColourScale.colours.enumerated().map { index, colour in
      let code = Plot.ColourScale.colour(
        at: Double(index) / Double(Plot.ColourScale.colours.count - 1))
      return "\(index) '\(code)'"
    }
    // A bar of one number has no length.
    let isPoint = scale.high <= scale.low
    let margin = isPoint ? max(abs(scale.low) * 0.1, 1e-9) : 0
    return """
      set palette defined (\(colours.joined(separator: ", ")))
      set colorbox vertical user origin screen \(place.x.lowerBound), screen \(place.y.lowerBound) \
      size screen \(place.x.upperBound - place.x.lowerBound), screen \
      \(place.y.upperBound - place.y.lowerBound)
      set cblabel '\(GnuplotScript.text(scale.label))' offset 1,0
      set format cb '% h'
      \(scale.isLogarithmic && !isPoint ? "set" : "unset") logscale cb
      set cbrange [\(scale.low - margin):\(scale.high + margin)]

      """
  }
}
