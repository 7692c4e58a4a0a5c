internal import LearningProblem
internal import MeanField
internal import Observables
internal import Stationary

/// The figure of aging: correlation, response, one against the other, temperature; a line per
/// waiting time, and the steady state in black.
struct AgingFigure: Sendable {
  private static let colours = ["#0060ad", "#d95319", "#2e8b57", "#7e2f8e", "#b8860b", "#17a2b8"]
  private static let steadyColour = "#222222"

  private let aging: Aging
  private let steady: StationarySolution?
  private let eta: Double

  init(_ report: AgingReport) {
    aging = report.aging
    steady = report.fluctuating
    eta = report.dynamics.grid.rate(at: 0)
  }

  /// The figure.
  var plot: Plot {
    Plot(
      [correlationPanel, responsePanel, parametricPanel, temperaturePanel], columns: 2,
      panelWidth: 450, panelHeight: 370, legendWidth: 150)
  }

  private var correlationPanel: Plot.Panel {
    lagPanel(
      "C(t_{w} + τ, t_{w}) / C(t_{w}, t_{w})", .none,
      series { curve in curve.points.map { $0.correlation / curve.points[0].norm } },
      steady.map { state in
        state.estimates { state in state.correlation.map { $0 / state.norm } }
      })
  }

  private var responsePanel: Plot.Panel {
    lagPanel(
      "integrated response -Σ R", .beside,
      series { $0.points.map(\.integratedResponse) },
      steady.map { $0.estimates(\.integratedResponse) })
  }

  private var temperaturePanel: Plot.Panel {
    lagPanel(
      "effective temperature", .none,
      series { $0.fluctuationDissipation.temperature }, steady.map { $0.estimates(\.temperature) },
      spansDecades: true)
  }

  /// The slope of a line is 1/T_eff, or its height where displacements are far apart and both axes
  /// are logarithmic.
  private var parametricPanel: Plot.Panel {
    let lines = aging.waiting.indices.map { index -> Plot.Series in
      let moved = aging.estimates(index) { $0.fluctuationDissipation.points.map(\.displacement) }
      let follows = aging.estimates(index) { $0.points.map(\.integratedResponse) }
      return line(index, zip(moved, follows).map(Self.point))
    }
    let rest = steady.map { steady in
      steadyLine(
        zip(steady.estimates(\.displacement), steady.estimates(\.integratedResponse))
          .map(Self.point))
    }
    let series = lines + [rest].compactMap(\.self)
    let furthest = series.compactMap { $0.points.map(\.x).max() }
    let areFarApart = (furthest.max() ?? 0) > 10 * (furthest.min() ?? 0)
    func axis(_ label: String) -> Plot.Axis {
      areFarApart ? Plot.Axis(label, scale: .logarithmic) : Plot.Axis(label, low: 0)
    }
    return Plot.Panel(
      x: axis("displacement D(t_{w} + τ, t_{w})"), y: axis("integrated response -Σ R"),
      series: series, legend: .none)
  }

  private static func point(_ x: Estimate, _ y: Estimate) -> Plot.Point {
    Plot.Point(x.value, y.value, xError: x.standardError, yError: y.standardError)
  }

  /// A quantity of all waiting times by lag, from lag 1 on.
  private func series(_ quantity: (AgingCurve) -> [Double]) -> [Plot.Series] {
    aging.waiting.indices.map { index in
      let values = aging.estimates(index, quantity)
      return line(index, byLag(aging.lags(index), values))
    }
  }

  private func byLag(_ lags: [Int], _ values: [Estimate]) -> [Plot.Point] {
    zip(lags, values).dropFirst().map { lag, value in
      Plot.Point(eta * Double(lag), value.value, yError: value.standardError)
    }
  }

  private func line(_ index: Int, _ points: [Plot.Point]) -> Plot.Series {
    let count = Self.colours.count
    return Plot.Series(
      "t_{w} = \(aging.waiting[index])", colour: Self.colours[index % count],
      line: Plot.Line(dash: index < count ? .solid : .dashDotted), points: points)
  }

  private func steadyLine(_ points: [Plot.Point]) -> Plot.Series {
    Plot.Series(
      "steady state", colour: Self.steadyColour, line: Plot.Line(width: 1.5, dash: .dashed),
      points: points)
  }

  private func lagPanel(
    _ label: String, _ legend: Plot.Legend, _ series: [Plot.Series], _ steady: [Estimate]?,
    spansDecades: Bool = false
  ) -> Plot.Panel {
    let longest = aging.waiting.indices.compactMap { aging.lags($0).last }.max() ?? 1
    let rest = steady.map { values in
      steadyLine(byLag(Array(0..<min(values.count, longest + 1)), values))
    }
    let all = series + [rest].compactMap(\.self)
    let values = all.flatMap { $0.points.map(\.y) }.filter(\.isFinite)
    return Plot.Panel(
      x: Plot.Axis("time lag η τ", scale: .logarithmic),
      y: spansDecades ? Plot.Axis(label, fitting: values) : Plot.Axis(label), series: all,
      legend: legend)
  }
}
