internal import Limits

/// The figure of a scan: errors and losses against the scanned key, with the threshold of
/// separability where the key is the number of samples.
public struct StaticFigure: Sendable {
  private let scan: StaticScan
  private let request: ParameterAxis

  /// A figure of a scan; nil for a single point.
  public init?(_ scan: StaticScan) {
    guard let request = scan.request else { return nil }
    self.scan = scan
    self.request = request
  }

  /// The figure: errors, with their bounds, and losses.
  public var plot: Plot {
    Plot(
      [
        panel(
          "error", ["test_error", "training_error", "bayes_test_error", "oracle_test_error"],
          threshold: threshold),
        panel("loss per sample", ["test_loss", "training_loss"], threshold: threshold?.untitled),
      ], columns: 2, panelWidth: 480, panelHeight: 400)
  }

  private var label: String {
    switch request.key {
    case "samples_per_weight": "samples per weight α = n/d"
    case "weight_decay": "weight decay λ"
    case "data.variance": "variance Δ of the clusters"
    default: request.key.split(separator: "_").joined(separator: " ")
    }
  }

  private var axis: Plot.Axis {
    Plot.Axis(
      label, scale: request.isLogarithmic ? .logarithmic : .linear, low: request.values.first,
      high: request.values.last)
  }

  /// A vertical line at α*.
  private var threshold: Plot.Guide? {
    guard request.key == "samples_per_weight",
      let place = scan.points.first?.minimiser.separabilityThreshold,
      let first = request.values.first, let last = request.values.last, place > first, place < last
    else { return nil }
    return Plot.Guide(
      .vertical(place), title: "α* = \(Number.short(place))", colour: "#777777",
      line: Plot.Line(width: 1.5, dash: .dashed))
  }

  /// The end of the vertical axis: a peak may leave the panel, not flatten what is around it.
  private func ceiling(_ names: [String]) -> Double? {
    let values = scan.points.flatMap { point in
      point.quantities.filter { names.contains($0.name) }.compactMap(\.value)
    }.filter(\.isFinite).sorted()
    guard let largest = values.last else { return nil }
    let usual = 1.5 * values[values.count * 9 / 10]
    return largest > 2 * usual && usual > 0 ? usual : nil
  }

  private static func title(_ name: String) -> String {
    switch name {
    case "bayes_test_error": "Bayes"
    case "oracle_test_error": "oracle"
    default: name.split(separator: "_").joined(separator: " ")
    }
  }

  private func panel(
    _ label: String, _ names: [String], threshold: Plot.Guide?
  ) -> Plot.Panel {
    let styles: [(colour: String, line: Plot.Line)] = [
      ("#d95319", Plot.Line(width: 2.5)), ("#0060ad", Plot.Line(width: 2.5)),
      ("#444444", Plot.Line(width: 1.5, dash: .dashDotted)),
      ("#444444", Plot.Line(width: 1.5, dash: .dotted)),
    ]
    let series = zip(names, styles).compactMap { name, style -> Plot.Series? in
      let points = scan.points.compactMap { point -> Plot.Point? in
        guard let x = point.value,
          let y = point.quantities.first(where: { $0.name == name })?.value, y.isFinite
        else { return nil }
        return Plot.Point(x, y)
      }
      guard !points.isEmpty else { return nil }
      return Plot.Series(
        Self.title(name), colour: style.colour, line: style.line, points: points)
    }
    return Plot.Panel(
      x: axis, y: Plot.Axis(label, low: 0, high: ceiling(names)), series: series,
      guides: threshold.map { [$0] } ?? [])
  }
}

extension Plot.Guide {
  /// This line without a name.
  fileprivate var untitled: Plot.Guide {
    var guide = self
    guide.title = nil
    return guide
  }
}
