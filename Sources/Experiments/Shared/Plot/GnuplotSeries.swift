/// The data of a series and what gnuplot draws of them, layer by layer.
struct GnuplotSeries {
  /// A data block: x, y and, if there are errors, the ends of both bars.
  let data: String
  /// The errors of a line.
  let bands: [String]
  /// The line.
  let lines: [String]
  /// The errors of markers, as vectors: gnuplot's error bars clear a spot around each point.
  let bars: [String]
  /// The markers.
  let markers: [String]

  /// A series as the block called `name`, between two axes.
  init(_ series: Plot.Series, name: String, x: Plot.Axis, y: Plot.Axis) {
    let points = series.points.filter { x.shows($0.x) && y.shows($0.y) }
    let (wide, high) = (points.contains { $0.xError > 0 }, points.contains { $0.yError > 0 })
    guard !points.isEmpty else {
      (data, bands, lines, bars, markers) = ("", [], [], [], [])
      return
    }
    let rows = points.map { point in
      var numbers = [point.x, point.y]
      if wide || high {
        numbers += y.ends(point.y, point.yError) + x.ends(point.x, point.xError)
      }
      return numbers.map { "\($0)" }.joined(separator: " ") + "\n"
    }
    data = "\(name) << EOD\n\(rows.joined())EOD\n"
    let colour = "lc '\(series.colour)' notitle"
    bands =
      high && series.marker == nil ? ["\(name) using 1:3:4 with filledcurves \(colour)"] : []
    lines =
      series.line.map {
        ["\(name) using 1:2 with \($0.isStaircase ? "steps" : "lines") \($0.style) \(colour)"]
      } ?? []
    let vectors = "with vectors nohead lw 1.5 \(colour)"
    var bars: [String] = []
    if series.marker != nil {
      if wide { bars.append("\(name) using 5:2:($6-$5):(0) \(vectors)") }
      if high { bars.append("\(name) using 1:3:(0):($4-$3) \(vectors)") }
    }
    self.bars = bars
    markers = series.marker.map { ["\(name) using 1:2 with points \($0.style) \(colour)"] } ?? []
  }
}

extension Plot.Axis {
  fileprivate func shows(_ value: Double) -> Bool {
    value.isFinite && (scale == .linear || value > 0)
  }

  /// The ends of an error bar, which stay positive on a logarithmic axis.
  fileprivate func ends(_ value: Double, _ error: Double) -> [Double] {
    let low = value - error
    return [scale == .logarithmic ? max(low, value / 1000) : low, value + error]
  }
}

extension Plot.Series {
  /// A sample of line and marker with the title, nil without one.
  var legendEntry: String? {
    guard let title else { return nil }
    let styles = [line?.style, marker?.style].compactMap(\.self).joined(separator: " ")
    let kind = line == nil ? "points" : marker == nil ? "lines" : "linespoints"
    return "NaN with \(kind) \(styles) lc '\(colour)' title '\(GnuplotScript.text(title))'"
  }
}

extension Plot.Line {
  /// gnuplot's words for it.
  var style: String { "lw \(width) dt \(dash.rawValue)" }
}

extension Plot.Marker {
  /// gnuplot's words for it.
  fileprivate var style: String {
    let number =
      switch shape {
      case .disc: 7
      case .square: 5
      case .triangle: 9
      case .diamond: 13
      case .circle: 6
      }
    return "pt \(number) ps \(size)"
  }
}
