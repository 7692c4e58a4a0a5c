internal import Observables

/// The two panels of rules at comparable learning rates.
struct RulesFigureRow {
  private static let curvePoints = 200

  private let ranking: RuleRanking
  private let outcomes: [(outcome: RuleOutcome, style: RuleStyle)]
  private let bounds: TestErrorBounds?

  init(_ ranking: RuleRanking, _ group: [RuleOutcome], bounds: TestErrorBounds?) {
    self.ranking = ranking
    self.bounds = bounds
    outcomes = zip(group, RuleStyle.styles(group.map(\.choice.kind)))
      .filter { !$0.0.curves.isEmpty }.map { ($0.0, $0.1) }
  }

  /// The curves, and the points at the target or last step.
  var runs: Plot.Panel {
    var curves: [Plot.Series] = []
    var ends: [Plot.Series] = []
    for (outcome, style) in outcomes {
      let points = curve(outcome)
      guard !points.isEmpty else { continue }
      curves.append(Plot.Series(colour: style.colour, line: style.line, points: points))
      ends.append(
        Plot.Series(
          outcome.choice.label + (outcome.rateChoice == .own ? ", own η" : ""),
          colour: style.colour, line: style.line, marker: style.marker,
          points: point(outcome, falling).map { [$0] } ?? []))
    }
    var guides = falling == Observable.testError.name ? bounds?.guides(titled: true) ?? [] : []
    if let target = ranking.target {
      guides.append(
        Plot.Guide(.horizontal(target.value), line: Plot.Line(width: 1, dash: .dotted)))
    }
    let isBest = outcomes.first?.outcome.rateChoice == .best
    return Plot.Panel(
      title: "along the run, " + (isBest ? "best η of each rule" : "given η"),
      x: Plot.Axis(ranking.energy.label, fitting: energyRange),
      y: Plot.Axis(words(falling), high: 1.02 * start), series: curves + ends,
      guides: curves.isEmpty ? [] : guides, legend: .beside)
  }

  /// Energy and performance of every run that counts, and the front.
  var costs: Plot.Panel {
    let ends = outcomes.compactMap { outcome, style in
      point(outcome, ranking.performance).map {
        Plot.Series(colour: style.colour, marker: style.marker, points: [$0])
      }
    }
    let points = ends.flatMap(\.points)
    let front = ParetoFront.line(points.map { ($0.x, $0.y) }).map {
      Plot.Point(points[$0].x, points[$0].y)
    }
    let line = Plot.Series(
      colour: "#d0d0d0", line: Plot.Line(width: 6, isStaircase: true), points: front)
    let limits = ranking.performance == Observable.testError.name ? bounds : nil
    let heights = points.map(\.y) + (limits.map { [$0.bayes.value, $0.oracle.value] } ?? [])
    let place = ranking.target.map { "at \(words($0.name)) \($0.value)" } ?? "at the last step"
    return Plot.Panel(
      title: "\(place), with the Pareto front",
      x: Plot.Axis(ranking.energy.label, fitting: points.map(\.x)),
      y: Plot.Axis(words(ranking.performance), fitting: heights), series: [line] + ends,
      guides: points.isEmpty ? [] : limits?.guides(titled: false) ?? [], legend: .none)
  }

  /// The observable that falls along a run.
  private var falling: String { ranking.target?.name ?? ranking.performance }

  /// From a tenth of the smallest energy at an end to the largest: the first steps cost too little
  /// to be shown.
  private var energyRange: [Double] {
    let last = outcomes.compactMap { $0.outcome.estimate(ranking.energy.name)?.value }
    let largest =
      outcomes.compactMap { ranking.energy.means($0.outcome.curves)?.last }.max() ?? 1
    return [0.1 * (last.filter { $0 > 0 }.min() ?? largest), largest]
  }

  /// The highest start of the falling observable; what runs away leaves the panel.
  private var start: Double {
    outcomes.compactMap {
      $0.outcome.curves.first { $0.observable.name == falling }?.estimates.first?.value
    }.max() ?? 1
  }

  /// Performance against energy, thinned; a logarithmic axis has no place for 0.
  private func curve(_ outcome: RuleOutcome) -> [Plot.Point] {
    guard let energy = ranking.energy.means(outcome.curves),
      let performance = outcome.curves.first(where: { $0.observable.name == falling })
    else { return [] }
    let points = zip(energy, performance.estimates).filter {
      $0 > 0 && $1.value.isFinite
    }
    let every = max(1, points.count / Self.curvePoints)
    return points.enumerated().filter { $0.offset % every == 0 || $0.offset == points.count - 1 }
      .map { Plot.Point($0.element.0, $0.element.1.value) }
  }

  /// Energy and `name` of a run that counts.
  private func point(_ outcome: RuleOutcome, _ name: String) -> Plot.Point? {
    guard outcome.ending == .finished || outcome.ending == .reached,
      let x = outcome.estimate(ranking.energy.name), let y = outcome.estimate(name),
      x.value > 0, y.value.isFinite
    else { return nil }
    return Plot.Point(x.value, y.value, xError: x.standardError, yError: y.standardError)
  }

  private func words(_ name: String) -> String {
    name == RuleOutcome.stepsToTarget
      ? "steps to the target" : name.split(separator: "_").joined(separator: " ")
  }
}
