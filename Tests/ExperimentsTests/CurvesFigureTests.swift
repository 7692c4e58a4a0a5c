import Experiments
import LearningProblem
import Observables
import TestSupport
import Testing

struct CurvesFigureTests {
  private let synthetic = SyntheticCurves(steps: 100)

  private func plot(
    variant: CurvesFigure.Variant? = nil, bounds: TestErrorBounds? = nil, bayes: Curve? = nil
  ) -> Plot {
    CurvesFigure(
      theory: synthetic.curves(seed: 1, replicas: 8),
      training: synthetic.curves(seed: 2, replicas: 16),
      grid: TimeGrid(learningRate: .constant(0.2), steps: 100), variant: variant,
      bounds: bounds, bayes: bayes
    ).plot
  }

  @Test func aPanelPerObservable() {
    let plot = plot()
    #expect(plot.columns == 3 && plot.rows == 2)
    #expect(
      plot.panels.map(\.y.label) == [
        "training loss", "training error", "test loss", "test error", "magnetisation m",
        "norm C(t,t)",
      ])
    for panel in plot.panels {
      #expect(panel.x == Plot.Axis("time η t", low: 0, high: 20))
      #expect(panel.series.map(\.title) == ["theory", "training ± s.e."])
      #expect(panel.series[0].marker == nil && panel.series[1].line == nil)
      #expect(panel.guides.isEmpty)
    }
  }

  /// Theory at every step; training at every sixth and the last, with its standard errors.
  @Test func trainingIsThinned() throws {
    let curves = synthetic.curves(seed: 2, replicas: 16)
    for (panel, curve) in zip(plot().panels, curves) {
      let (theory, training) = (panel.series[0].points, panel.series[1].points)
      #expect(theory.count == 101 && training.count == 18)
      #expect(
        training.map(\.x)
          == (Array(stride(from: 0, through: 100, by: 6)) + [100]).map {
            0.2 * Double($0)
          })
      #expect(training[2].y == curve.estimates[12].value)
      #expect(training[2].yError == curve.estimates[12].standardError)
      #expect(theory.allSatisfy { $0.yError == 0 })
    }
  }

  @Test func matricesShareAPanel() throws {
    let curves = (0..<2).flatMap { k in
      (0..<2).map { l in
        Curve(
          observable: .norm(k, l, single: false), steps: [0, 1],
          estimates: [Estimate(1), Estimate(2)], replicas: 1)
      }
    }
    let plot = CurvesFigure(
      theory: curves, training: curves, grid: TimeGrid(learningRate: .constant(1), steps: 100)
    ).plot
    try #require(plot.panels.count == 1)
    let series = plot.panels[0].series
    #expect(series.map(\.title) == ["11", nil, "22", nil])
    #expect(series[0].colour == series[1].colour && series[0].colour != series[2].colour)
  }

  /// Horizontal lines in the panel of the test error and in no other; that of Bayes may be a curve.
  @Test func boundsInThePanelOfTheTestError() throws {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.1),
      learningRate: 0.2, steps: 100)
    let bounds = try #require(TestErrorBounds(problem.dynamics))
    let plain = plot(bounds: bounds)
    #expect(plain.panels.map(\.guides.count) == [0, 0, 0, 2, 0, 0])
    #expect(
      plain.panels[3].guides.map(\.place) == [
        .horizontal(bounds.bayes.value), .horizontal(bounds.oracle.value),
      ])
    #expect(plain.panels[3].guides.map(\.title) == ["Bayes", "oracle"])
    #expect(
      bounds.text == "test error bounds: Bayes-optimal 0.10295 at alpha 2, oracle 0.07865")
    let bayes = Curve(
      observable: .bayesTestError, steps: [0, 100], estimates: [Estimate(0.5), Estimate(0.25)],
      replicas: 1)
    let panel = plot(bounds: bounds, bayes: bayes).panels[3]
    #expect(panel.guides.map(\.title) == ["oracle"])
    let curve = try #require(panel.series.last)
    #expect(curve.title == "Bayes" && curve.line?.dash == .dashDotted)
    #expect(curve.points == [Plot.Point(0, 0.5), Plot.Point(20, 0.25)])
  }

  /// The second way is dashed, its training open circles, in the same colours.
  @Test func aVariantIsDashed() {
    let curves = synthetic.curves(seed: 3, replicas: 8)
    let variant = CurvesFigure.Variant(name: "one by one", theory: curves, training: curves)
    for panel in plot(variant: variant).panels {
      #expect(panel.series.map(\.title) == ["theory", "training", "one by one", nil])
      #expect(panel.series.map(\.line?.dash) == [.solid, nil, .dashed, nil])
      #expect(panel.series.map(\.marker?.shape) == [nil, .disc, nil, .circle])
      #expect(panel.series[0].colour == panel.series[2].colour)
      #expect(panel.series[1].colour == panel.series[3].colour)
    }
  }
}
