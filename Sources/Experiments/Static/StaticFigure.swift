internal import Limits

/// `figure.svg` of a scan: errors and losses against the scanned key, with the threshold of
/// separability where the key is the number of samples.
public struct StaticFigure: Sendable {
  private let scan: StaticScan
  private let request: ScanRequest

  /// A figure of a scan; nil for a single point.
  public init?(_ scan: StaticScan) {
    guard let request = scan.request else { return nil }
    self.scan = scan
    self.request = request
  }

  /// The figure as gnuplot's program, data included, writing to its standard output.
  public var script: String {
    """
    set encoding utf8
    set terminal svg size 960,400 dynamic font 'Helvetica,15' background '#ffffff'
    set multiplot layout 1,2 margins screen 0.095, screen 0.985, screen 0.17, screen 0.88 \
    spacing screen 0.105
    set border 3 lw 1 lc '#444444'
    set tics nomirror out scale 0.6
    set grid lc '#dddddd' lt 1 lw 0.6
    set key above right horizontal samplen 1.5 font ',13' noenhanced
    set xlabel '\(label)' offset 0,0.3
    \(axis)\(threshold)\
    \(panel("error", ["test_error", "training_error", "bayes_test_error", "oracle_test_error"]))unset label
    \(panel("loss per sample", ["test_loss", "training_loss"]))\
    unset multiplot

    """
  }

  private var label: String {
    switch request.key {
    case "samples_per_weight": "samples per weight α = n/d"
    case "weight_decay": "weight decay λ"
    case "data.variance": "variance Δ of the clusters"
    default: request.key.split(separator: "_").joined(separator: " ")
    }
  }

  private var axis: String {
    let ends = "set xrange [\(request.values.first ?? 0):\(request.values.last ?? 1)]\n"
    return request.isLogarithmic ? "set logscale x\nset format x '%g'\n" + ends : ends
  }

  /// A vertical line at α*.
  private var threshold: String {
    guard request.key == "samples_per_weight",
      let place = scan.points.first?.minimiser.separabilityThreshold,
      let first = request.values.first, let last = request.values.last, place > first, place < last
    else { return "" }
    return """
      set arrow from first \(place), graph 0 to first \(place), graph 1 nohead dt 2 lw 1.5 \
      lc '#777777'
      set label 'α* = \(Number.short(place))' at first \(place), graph 0.96 offset 0.6,0 \
      font ',13' textcolor '#555555'

      """
  }

  /// The end of the vertical axis: a peak may leave the panel, not flatten what is around it.
  private func ceiling(_ names: [String]) -> String {
    let values = scan.points.flatMap { point in
      point.quantities.filter { names.contains($0.name) }.compactMap(\.value)
    }.filter(\.isFinite).sorted()
    guard let largest = values.last else { return "*" }
    let usual = 1.5 * values[values.count * 9 / 10]
    return largest > 2 * usual && usual > 0 ? "\(usual)" : "*"
  }

  private static func title(_ name: String) -> String {
    switch name {
    case "bayes_test_error": "Bayes"
    case "oracle_test_error": "oracle"
    default: name.split(separator: "_").joined(separator: " ")
    }
  }

  private func panel(_ title: String, _ names: [String]) -> String {
    let styles = [
      "lw 2.5 lc '#d95319'", "lw 2.5 lc '#0060ad'", "lw 1.5 dt 4 lc '#444444'",
      "lw 1.5 dt 3 lc '#444444'",
    ]
    var (data, plots) = ("", [String]())
    for (name, style) in zip(names, styles) {
      let lines = scan.points.compactMap { point -> String? in
        guard let x = point.value, x > 0 || !request.isLogarithmic,
          let y = point.quantities.first(where: { $0.name == name })?.value, y.isFinite
        else { return nil }
        return "\(x) \(y)\n"
      }
      guard !lines.isEmpty else { continue }
      data += "$\(name) << EOD\n\(lines.joined())EOD\n"
      let words = Self.title(name)
      plots.append("$\(name) with lines \(style) title '\(words)'")
    }
    guard !plots.isEmpty else { return "" }
    return data + "set ylabel '\(title)' offset 1,0\nset yrange [0:\(ceiling(names))]\n"
      + "plot \(plots.joined(separator: ", "))\n"
  }
}
