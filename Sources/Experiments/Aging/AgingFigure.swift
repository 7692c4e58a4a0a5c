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
      panelWidth: 450, panelHeight: 370)
  }

  private var correlationPanel: Plot.Panel {
    lagPanel(
      "correlation C(t_w + τ, t_w) / C(t_w, t_w)", .bottomLeft,
      series { curve in curve.points.map { $0.correlation / curve.points[0].norm } },
      steady.map { state in
        state.estimates { state in state.correlation.map { $0 / state.norm } }
      })
  }

  private var responsePanel: Plot.Panel {
    lagPanel(
      "integrated response -Σ R", .none,
      series { $0.points.map(\.integratedResponse) },
      steady.map { $0.estimates(\.integratedResponse) })
  }

  private var temperaturePanel: Plot.Panel {
    lagPanel(
      "effective temperature", .none,
      series { $0.fluctuationDissipation.temperature }, steady.map { $0.estimates(\.temperature) })
  }

  /// The slope of a line is 1/T_eff.
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
    return Plot.Panel(
      x: Plot.Axis("displacement D(t_w + τ, t_w)", low: 0),
      y: Plot.Axis("integrated response -Σ R", low: 0), series: lines + [rest].compactMap(\.self),
      legend: .none)
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
      "t_w = \(aging.waiting[index])", colour: Self.colours[index % count],
      line: Plot.Line(dash: index < count ? .solid : .dashDotted), points: points)
  }

  private func steadyLine(_ points: [Plot.Point]) -> Plot.Series {
    Plot.Series(
      "steady state", colour: Self.steadyColour, line: Plot.Line(width: 1.5, dash: .dashed),
      points: points)
  }

  private func lagPanel(
    _ label: String, _ legend: Plot.Corner?, _ series: [Plot.Series], _ steady: [Estimate]?
  ) -> Plot.Panel {
    let longest = aging.waiting.indices.compactMap { aging.lags($0).last }.max() ?? 1
    let rest = steady.map { values in
      steadyLine(byLag(Array(0..<min(values.count, longest + 1)), values))
    }
    return Plot.Panel(
      x: Plot.Axis("time lag η τ", scale: .logarithmic), y: Plot.Axis(label),
      series: series + [rest].compactMap(\.self), legend: legend.map { .inside($0) } ?? .none)
  }
}
