public import LearningProblem
public import Observables

/// Curves against the time ηt: theory as lines, training as points with error bars, a panel per
/// observable.
public struct CurvesFigure: Sendable {
  /// Points of training per curve, at most.
  public static let trainingPoints = 20
  private static let theoryPoints = 400
  private static let colours = [
    "#0060ad", "#d95319", "#2e8b57", "#7e2f8e", "#b8860b", "#008b8b", "#a2142f", "#555555",
  ]

  private let theory: [Curve]
  private let training: [Curve]
  private let grid: TimeGrid
  private let trainingName: String
  private let theoryName: String
  private let variant: Variant?
  private let bounds: TestErrorBounds?
  private let bayes: Curve?

  /// A second way of doing the same: dashed lines and open circles.
  public struct Variant: Sendable {
    let name: String
    let theory: [Curve]
    let training: [Curve]

    /// Its name in the legend, and its curves.
    public init(name: String, theory: [Curve], training: [Curve]) {
      self.name = name
      self.theory = theory
      self.training = training
    }
  }

  /// A figure of both sets of curves; the names stand in the legend, `bounds` are lines in the
  /// panel of the test error, that of Bayes a curve if there is one.
  public init(
    theory: [Curve], training: [Curve], grid: TimeGrid, trainingName: String = "training",
    theoryName: String = "theory", variant: Variant? = nil, bounds: TestErrorBounds? = nil,
    bayes: Curve? = nil
  ) {
    self.theoryName = theoryName
    self.variant = variant
    self.bounds = bounds
    self.bayes = bayes
    self.trainingName = trainingName
    self.theory = theory
    self.training = training
    self.grid = grid
  }

  /// The figure.
  public var plot: Plot {
    let panels = Quantity.plotted.compactMap(panel)
    let columns =
      panels.count <= 2 ? max(panels.count, 1) : panels.count == 4 ? 2 : panels.count > 6 ? 4 : 3
    return Plot(panels, columns: columns, panelWidth: 430, panelHeight: 350)
  }

  /// The last time of the figure; 1 if nothing happens.
  private var duration: Double {
    let last = (theory + training).compactMap(\.steps.last).max() ?? 0
    return last > 0 ? grid.time(at: last) : 1
  }

  /// One panel, nil if neither side has any of its observables.
  private func panel(_ quantity: Quantity) -> Plot.Panel? {
    var seen: Set<Observable> = []
    let family = (theory + training).map(\.observable)
      .filter { $0.quantity == quantity && seen.insert($0).inserted }
    guard !family.isEmpty else { return nil }
    let shown = Self.shown(family)
    var series = shown.enumerated().flatMap { index, observable in
      let colour = Self.colours[index % Self.colours.count]
      guard shown.count > 1 else {
        return self.series(observable, theoryName, alone: true, colour, Self.colours[1])
      }
      return self.series(observable, observable.index, alone: false, colour, colour)
    }
    var guides: [Plot.Guide] = []
    if quantity == .testError, let bounds {
      guides = bounds.guides(titled: true)
      if let bayes {
        let guide = guides.removeFirst()
        series.append(
          Plot.Series(
            guide.title, colour: guide.colour, line: guide.line,
            points: points(bayes, atMost: Self.theoryPoints)))
      }
    }
    return Plot.Panel(
      x: Plot.Axis(
        grid.learningRate.isConstant ? "time η t" : "time, sum of η", low: 0, high: duration),
      y: Plot.Axis(quantity.panel ?? quantity.label), series: series,
      guides: guides)
  }

  /// One observable: theory in one colour, training in the other, the same for the second way.
  private func series(
    _ observable: Observable, _ name: String, alone: Bool, _ colour: String, _ other: String
  ) -> [Plot.Series] {
    func lines(_ curves: [Curve], _ title: String?, _ dash: Plot.Line.Dash) -> Plot.Series? {
      curves[observable].map { curve in
        Plot.Series(
          title, colour: colour, line: Plot.Line(dash: dash),
          points: points(curve, atMost: Self.theoryPoints, errors: false))
      }
    }
    func marks(_ curves: [Curve], _ title: String?, _ marker: Plot.Marker) -> Plot.Series? {
      curves[observable].map { curve in
        Plot.Series(
          title, colour: other, marker: marker,
          points: points(curve, atMost: Self.trainingPoints))
      }
    }
    let trainingTitle = trainingName + (variant == nil ? " ± s.e." : "")
    let first = [
      lines(theory, name, .solid),
      marks(training, alone ? trainingTitle : nil, Plot.Marker(.disc, size: 0.4)),
    ]
    let second = variant.map { variant in
      [
        lines(variant.theory, alone ? variant.name : nil, .dashed),
        marks(variant.training, nil, Plot.Marker(.circle, size: 0.5)),
      ]
    }
    return (first + (second ?? [])).compactMap(\.self)
  }

  /// At most eight curves of a family; of a matrix C_kl the diagonal.
  private static func shown(_ family: [Observable]) -> [Observable] {
    let diagonal = family.filter { observable in
      observable.quantity != .norm || Set(observable.indices).count <= 1
    }
    return Array(diagonal.prefix(colours.count))
  }

  /// A curve against time, thinned to every n-th point, first and last kept.
  private func points(_ curve: Curve, atMost limit: Int, errors: Bool = true) -> [Plot.Point] {
    let last = curve.steps.count - 1
    let every = max(1, (last + limit - 2) / (limit - 1))
    var rows = Array(stride(from: 0, through: last, by: every))
    if rows.last != last { rows.append(last) }
    return rows.map { row in
      let estimate = curve.estimates[row]
      return Plot.Point(
        grid.time(at: curve.steps[row]), estimate.value,
        yError: errors ? estimate.standardError : 0)
    }
  }
}
