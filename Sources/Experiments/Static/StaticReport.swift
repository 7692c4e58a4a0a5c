internal import Foundation
internal import Limits

extension StaticScan {
  private static let rows = 25

  /// The table of `dmft static`: all quantities of one point, or the main ones of a scan.
  public var text: String {
    guard let request else { return single }
    let shown = [
      "training_loss", "training_error", "test_loss", "test_error", "bayes_test_error", "norm",
    ]
    var table = TextTable([request.key, "regime"] + shown + ["separability_threshold"])
    let every = max(1, (points.count + Self.rows - 2) / (Self.rows - 1))
    for (index, point) in points.enumerated() {
      guard index % every == 0 || index == points.count - 1, let value = point.value else {
        continue
      }
      let quantities = point.quantities
      let cells = (shown + ["separability_threshold"]).map { name in
        quantities.first { $0.name == name }?.value.map(Number.short) ?? "-"
      }
      table.append([Number.short(value), point.minimiser.regime.rawValue] + cells)
    }
    let thinned = every > 1 ? "\none of \(every) points; all \(points.count) in static.csv" : ""
    return table.text + thinned
  }

  private var single: String {
    guard let point = points.first else { return "" }
    var table = TextTable(["quantity", "value"])
    table.append(["regime", point.minimiser.regime.rawValue])
    for (name, value) in point.quantities {
      table.append([name, value.map { String(format: "%.10g", $0) } ?? "-"])
    }
    return table.text
  }
}
