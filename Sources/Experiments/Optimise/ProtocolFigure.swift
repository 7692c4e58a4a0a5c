internal import LearningProblem
internal import MeanField
internal import Observables

/// The controls of the best protocol and the curves that it leads to, beside those of the best
/// constant values.
struct ProtocolFigure: Sendable {
  private static let colours = (optimal: "#0060ad", constant: "#d95319")
  private static let trainingPoints = 15

  private let result: ProtocolResult

  init(_ result: ProtocolResult) { self.result = result }

  /// The figure.
  var plot: Plot {
    let controls = result.controls.indices.map(control)
    let curves = observables.map(curve)
    let panels = controls + curves
    return Plot(
      panels, columns: panels.count == 4 ? 2 : min(panels.count, 3), panelWidth: 430,
      panelHeight: 350)
  }

  private var stepAxis: Plot.Axis {
    Plot.Axis("step", low: 0, high: Double(result.steps))
  }

  private func control(_ index: Int) -> Plot.Panel {
    func line(
      _ side: ProtocolResult.Side, _ title: String, _ colour: String, _ dash: Plot.Line.Dash
    ) -> Plot.Series {
      let values = side.outcome.family.values(side.outcome.positions, index)
      let points = values.enumerated().map { Plot.Point(Double($0), $1) }
      return Plot.Series(
        title, colour: colour, line: Plot.Line(dash: dash, isStaircase: true),
        points: points + [Plot.Point(Double(values.count), values[values.count - 1])])
    }
    return Plot.Panel(
      x: stepAxis, y: Plot.Axis(result.controls[index].key, low: 0),
      series: [
        line(result.constant, "best constant", Self.colours.constant, .dashed),
        line(result.optimal, "best protocol", Self.colours.optimal, .solid),
      ])
  }

  /// What the goal is about, and the test loss.
  private var observables: [Observable] {
    let known = result.optimal.solution.curves.map(\.observable)
    let names = result.goal.names
    let all = names.contains("test_loss") ? names : names + ["test_loss"]
    return all.compactMap { name in known.first { $0.name == name } }
  }

  private func curve(_ observable: Observable) -> Plot.Panel {
    func lines(
      _ side: ProtocolResult.Side, _ title: String, _ colour: String, _ dash: Plot.Line.Dash,
      _ marker: Plot.Marker, isFirst: Bool
    ) -> [Plot.Series] {
      let theory = side.solution.curves[observable].map { curve in
        Plot.Series(title, colour: colour, line: Plot.Line(dash: dash), points: points(curve, 1))
      }
      let measured = Curve.mean(of: side.training)[observable].map { curve in
        Plot.Series(
          isFirst ? "training ± s.e." : nil, colour: colour, marker: marker,
          points: points(curve, max(1, curve.steps.count / Self.trainingPoints)))
      }
      return [theory, measured].compactMap(\.self)
    }
    let limit = result.goal.limits.first { $0.name == observable.name }
    return Plot.Panel(
      x: stepAxis, y: Plot.Axis(observable.label),
      series: lines(
        result.constant, "best constant", Self.colours.constant, .dashed,
        Plot.Marker(.circle, size: 0.5), isFirst: true)
        + lines(
          result.optimal, "best protocol", Self.colours.optimal, .solid,
          Plot.Marker(.disc, size: 0.4), isFirst: false),
      guides: limit.map {
        [
          Plot.Guide(
            .horizontal($0.value), title: "limit", line: Plot.Line(width: 1, dash: .dotted))
        ]
      } ?? [])
  }

  private func points(_ curve: Curve, _ every: Int) -> [Plot.Point] {
    let last = curve.steps.count - 1
    let rows = Array(stride(from: 0, to: last, by: every)) + [last]
    return rows.map {
      Plot.Point(
        Double(curve.steps[$0]), curve.estimates[$0].value,
        yError: curve.estimates[$0].standardError)
    }
  }
}
