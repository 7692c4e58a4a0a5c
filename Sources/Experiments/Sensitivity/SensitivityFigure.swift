internal import Foundation
internal import Observables

/// The figure of sensitivity: a panel for each control, its effect per relative change by step, in
/// units of one power of ten.
struct SensitivityFigure: Sendable {
  private static let colours: [Control: String] = [
    .learningRate: "#0060ad", .weightDecay: "#d95319", .sampleDensity: "#2e8b57",
    .weightDensity: "#7e2f8e",
  ]

  private let sensitivity: Sensitivity

  private let exponent: Int

  init(_ sensitivity: Sensitivity) {
    self.sensitivity = sensitivity
    let largest = sensitivity.entries.map { abs($0.elasticity.value) }.max() ?? 0
    exponent = largest > 0 && largest.isFinite ? Int(log10(largest).rounded(.down)) : 0
  }

  /// The figure.
  var plot: Plot {
    let shown = Control.allCases.filter { control in
      sensitivity.entries.contains { $0.control == control }
    }
    return Plot(shown.map(panel), columns: 2, panelWidth: 450, panelHeight: 330)
  }

  private func panel(_ control: Control) -> Plot.Panel {
    let entries = sensitivity.entries.filter { $0.control == control }
    let unit = pow(10, Double(exponent))
    let last = sensitivity.entries.reduce(max(1, sensitivity.step)) { max($0, $1.step) }
    let points = entries.map {
      Plot.Point(
        Double($0.step), $0.elasticity.value / unit, yError: $0.elasticity.standardError / unit)
    }
    let isCurve = if case .adjoint = sensitivity.method { points.count > 1 } else { false }
    return Plot.Panel(
      title: control.rawValue + (points.count == 1 ? ", all steps together" : ""),
      x: Plot.Axis("step", low: 0, high: Double(last)),
      y: Plot.Axis("\(sensitivity.observable.label) per relative change, 10^{\(exponent)}"),
      series: [
        Plot.Series(
          colour: Self.colours[control] ?? "#222222", line: points.count > 1 ? Plot.Line() : nil,
          marker: isCurve ? nil : Plot.Marker(.disc, size: 0.6), points: points)
      ],
      guides: [Plot.Guide(.horizontal(0), line: Plot.Line(width: 1, dash: .dashed))],
      legend: .none)
  }
}
