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
    guard let scale else { return "set style fill solid 0.25 noborder\nunset colorbox\n" }
    let count = Plot.ColourScale.colours.count
    let colours = (0..<count).map { index in
      "\(index) '\(Plot.ColourScale.colour(at: Double(index) / Double(count - 1)))'"
    }
    // A bar of one number has no length.
    let isPoint = scale.high <= scale.low
    let margin = isPoint ? max(abs(scale.low) * 0.1, 1e-9) : 0
    let axis = Plot.Axis(
      scale.label, scale: scale.isLogarithmic && !isPoint ? .logarithmic : .linear,
      low: scale.low - margin, high: scale.high + margin)
    let (width, height) = (
      place.x.upperBound - place.x.lowerBound, place.y.upperBound - place.y.lowerBound
    )
    return """
      set style fill solid 1 noborder
      set palette defined (\(colours.joined(separator: ", ")))
      set colorbox vertical user origin screen \(place.x.lowerBound), \
      screen \(place.y.lowerBound) size screen \(width), screen \(height)
      \(axis.commands("cb"))
      """
  }
}
