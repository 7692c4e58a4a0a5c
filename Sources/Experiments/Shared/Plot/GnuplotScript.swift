internal import Foundation

/// A plot as gnuplot's program, data included, writing to its standard output.
public struct GnuplotScript {
  /// Room in a panel for labels and tics, in pixels.
  private static let (left, right, bottom, top) = (94.0, 14.0, 66.0, 48.0)

  private let plot: Plot
  private let format: FigureFormat

  /// The program that draws `plot` in `format`.
  public init(_ plot: Plot, format: FigureFormat = .svg) {
    self.plot = plot
    self.format = format
  }

  /// The program.
  public var text: String {
    """
    set encoding utf8
    \(format.terminal(width: width, height: height))
    set multiplot
    set border 3 lw 1 lc '#444444'
    set tics nomirror out scale 0.6
    set grid lc '#dddddd' lt 1 lw 0.6
    set offsets 0, 0, graph 0.06, 0
    set style fill solid 0.25 noborder
    \(plot.panels.indices.map(panel).joined())unset multiplot

    """
  }

  private var width: Int { plot.columns * plot.panelWidth + plot.legendWidth }
  private var height: Int { plot.rows * plot.panelHeight }

  private func panel(_ index: Int) -> String {
    let panel = plot.panels[index]
    let x = panel.x.resolved(panel.series.flatMap { $0.points.map(\.x) })
    let y = panel.y.resolved(panel.series.flatMap { $0.points.map(\.y) })
    let drawn = panel.series.enumerated().map { number, series in
      GnuplotSeries(series, name: "$panel\(index)_\(number)", x: x, y: y)
    }
    let guides = panel.guides.compactMap(\.function)
    let legend = (panel.series.compactMap(\.legendEntry) + panel.guides.compactMap(\.legendEntry))
    let colours = GnuplotColours(panel, name: "$cells\(index)")
    let plots =
      colours.cells + guides + drawn.flatMap(\.bands) + drawn.flatMap(\.lines)
      + drawn.flatMap(\.bars)
      + drawn.flatMap(\.markers) + (panel.legend == .none ? [] : legend)
    guard !plots.isEmpty else { return "" }
    return drawn.map(\.data).joined() + colours.data + place(index) + colours.bar(bar(index))
      + x.commands("x") + y.commands("y")
      + "set title '\(Self.text(panel.title ?? ""))' font ',13' offset 0,-0.6\n"
      + panel.guides.compactMap(\.arrow).joined()
      + "plot \(plots.joined(separator: ", \\\n  "))\nunset arrow\nunset label\n"
  }

  /// Where the bar of colours of a panel stands, in fractions of the figure.
  private func bar(_ index: Int) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let left = Double((index % plot.columns + 1) * plot.panelWidth)
    let top = Double(index / plot.columns * plot.panelHeight)
    func up(_ pixels: Double) -> Double { 1 - pixels / Double(height) }
    return (
      (left / Double(width))...((left + 16) / Double(width)),
      up(top + Double(plot.panelHeight) - Self.bottom)...up(top + Self.top)
    )
  }

  /// Margins and legend of a panel, in fractions of the figure.
  private func place(_ index: Int) -> String {
    let column = Double(index % plot.columns * plot.panelWidth)
    let row = Double(index / plot.columns * plot.panelHeight)
    func across(_ pixels: Double) -> Double { pixels / Double(width) }
    func up(_ pixels: Double) -> Double { 1 - pixels / Double(height) }
    let end = across(column + Double(plot.panelWidth) - Self.right)
    let titles = plot.panels[index].series.compactMap(\.title)
    let key =
      switch plot.panels[index].legend {
      case .none: "unset key"
      case .above:
        "set key at screen \(end), screen \(up(row + Self.top - 4)) right bottom horizontal "
          + "maxrows 2 Right noreverse samplen 1 "
          + "width \(titles.allSatisfy { $0.count < 4 } ? 1 : -2) spacing 0.95 font ',12'"
      case .inside(let corner):
        "set key inside \(corner.rawValue) vertical "
          + (corner == .topRight ? "Right noreverse" : "Left reverse")
          + " samplen 1.5 width 0 spacing 1.1 font ',13'"
      case .beside:
        "set key at screen \(across(Double(width) - 6)), screen \(up(row + Self.top)) right top "
          + "vertical maxrows 40 Left reverse samplen 2.5 width 0 spacing 1.05 font ',12'"
      }
    return """
      set lmargin at screen \(across(column + Self.left))
      set rmargin at screen \(end)
      set tmargin at screen \(up(row + Self.top))
      set bmargin at screen \(up(row + Double(plot.panelHeight) - Self.bottom))
      \(key)

      """
  }

  /// A text between single quotes: `_{}` and `^{}` are commands, other characters are not.
  static func text(_ text: String) -> String {
    var result = ""
    let characters = Array(text)
    for (index, character) in characters.enumerated() {
      let opens = index + 1 < characters.count && characters[index + 1] == "{"
      if "@&~\\".contains(character) || "_^".contains(character) && !opens { result += "\\" }
      result += character == "'" ? "''" : String(character)
    }
    return result
  }
}

extension Plot.Axis {
  /// The axis with its ends, for `values`: a logarithmic one needs them for its tics.
  fileprivate func resolved(_ values: [Double]) -> Plot.Axis {
    guard scale == .logarithmic else { return self }
    var axis = self
    let positive = values.filter { $0 > 0 && $0.isFinite }
    axis.low = low ?? positive.min().map { $0 / 1.2 }
    axis.high = high ?? positive.max().map { $0 * 1.2 }
    if axis.low.map({ $0 <= 0 }) ?? true { axis.scale = .linear }
    return axis
  }

  /// gnuplot's commands for the axis `name`: x, y, or cb for the bar of colours.
  func commands(_ name: String) -> String {
    let label =
      "set \(name)label '\(GnuplotScript.text(label))' offset \(name == "x" ? "0,0.4" : "0.8,0")\n"
    let range = "set \(name)range [\(low.map { "\($0)" } ?? "*"):\(high.map { "\($0)" } ?? "*")]\n"
    if let tics {
      let list = tics.map { "'\(GnuplotScript.text($0.text))' \($0.place)" }
      return label + "\(scale == .logarithmic ? "set" : "unset") logscale \(name)\n"
        + "set \(name)tics (\(list.joined(separator: ", ")))\n" + range
    }
    guard scale == .logarithmic, let low, let high else {
      return label + "unset logscale \(name)\nset format \(name) '% h'\nset \(name)tics auto\n"
        + range
    }
    let decades = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    var tics = "set format \(name) '10^{%T}'\nset \(name)tics auto\n"
    if decades.count <= 4 {
      let values = decades.flatMap { decade in
        [1.0, 2, 5].map { String(format: "%g", $0 * pow(10, Double(decade))) }
      }
      tics = "set format \(name) '% h'\nset \(name)tics (\(values.joined(separator: ", ")))\n"
    }
    return label + "set logscale \(name)\n" + tics + range
  }
}

extension Plot.Guide {
  private var style: String { "\(line.style) lc '\(colour)'" }

  /// A horizontal line, as a function.
  fileprivate var function: String? {
    guard case .horizontal(let y) = place else { return nil }
    return "\(y) with lines \(style) notitle"
  }

  fileprivate var legendEntry: String? {
    guard case .horizontal = place, let title else { return nil }
    return "NaN with lines \(style) title '\(GnuplotScript.text(title))'"
  }

  /// A vertical line, with its title near the upper end.
  fileprivate var arrow: String? {
    guard case .vertical(let x) = place else { return nil }
    let label = title.map {
      "set label '\(GnuplotScript.text($0))' at first \(x), graph 0.96 offset 0.6,0 font ',13' "
        + "textcolor '#555555'\n"
    }
    return "set arrow from first \(x), graph 0 to first \(x), graph 1 nohead \(style)\n"
      + (label ?? "")
  }
}
