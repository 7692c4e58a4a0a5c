import Experiments
import Foundation
import LearningProblem
import Observables
import Testing

struct FigureTests {
  private let synthetic = SyntheticCurves(steps: 100)

  private func figure() -> Figure {
    Figure(
      theory: synthetic.curves(seed: 1, replicas: 8),
      training: synthetic.curves(seed: 2, replicas: 16), learningRate: 0.2)
  }

  @Test func aPanelPerObservable() {
    let script = figure().script
    #expect(script.contains("layout 2,3"))
    for label in ["training loss", "training error", "test loss", "test error"] {
      #expect(script.contains("set ylabel '\(label)'"))
    }
    #expect(script.contains("set xlabel 'time η t'"))
    #expect(script.contains("title 'theory'") && script.contains("title 'training ± s.e.'"))
  }

  @Test func trainingIsThinned() {
    let blocks = figure().script.components(separatedBy: "EOD\n")
    let sizes = blocks.map { block in
      block.split(separator: "\n").count { line in
        line.split(separator: " ").allSatisfy { Double($0) != nil }
      }
    }
    #expect(sizes.filter { $0 > 0 } == Array(repeating: [101, 18], count: 6).flatMap { $0 })
    #expect(blocks[1].hasPrefix("0.0 ") && blocks[1].contains("\n20.0 "))
  }

  @Test func matricesShareAPanel() {
    let curves = (0..<2).flatMap { k in
      (0..<2).map { l in
        Curve(
          observable: .norm(k, l, single: false), steps: [0, 1],
          estimates: [Estimate(1), Estimate(2)], replicas: 1)
      }
    }
    let script = Figure(theory: curves, training: curves, learningRate: 1).script
    #expect(script.contains("layout 1,1"))
    #expect(script.contains("title '11'") && script.contains("title '22'"))
    #expect(!script.contains("title '12'"))
  }

  /// Horizontal lines in the panel of the test error and in no other; that of Bayes may be a curve.
  @Test func boundsInThePanelOfTheTestError() throws {
    let problem = Problem(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.1),
      learningRate: 0.2, steps: 100)
    let bounds = try #require(TestErrorBounds(problem))
    let curves = synthetic.curves(seed: 1, replicas: 8)
    let script = Figure(theory: curves, training: [], learningRate: 0.2, bounds: bounds).script
    let panels = script.components(separatedBy: "set ylabel ")
    let panel = try #require(panels.first { $0.hasPrefix("'test error'") })
    #expect(panel.contains("0.10295") && panel.contains("title 'Bayes'"))
    #expect(panel.contains("0.07864") && panel.contains("title 'oracle'"))
    #expect(script.components(separatedBy: "title 'oracle'").count == 2)
    #expect(
      bounds.text == "test error bounds: Bayes-optimal 0.10295 at alpha 2, oracle 0.07865")
    let bayes = Curve(
      observable: .bayesTestError, steps: [0, 100], estimates: [Estimate(0.5), Estimate(0.25)],
      replicas: 1)
    let variant = Figure.Variant(name: "one by one", theory: curves, training: [])
    let online = Figure(
      theory: curves, training: [], learningRate: 0.2, variant: variant, bounds: bounds,
      bayes: bayes
    ).script
    #expect(online.contains("$bayes << EOD\n0.0 0.5 0.0\n20.0 0.25 0.0\nEOD"))
    #expect(online.contains("$bayes with lines lw 1.5") && !online.contains("0.10295"))
    #expect(online.components(separatedBy: "dt 2 lc").count == 7)
  }

  @Test(.enabled(if: Gnuplot.path != nil, "gnuplot is not installed"))
  func gnuplotDrawsIt() throws {
    try withTemporaryFolder { folder in
      let directory = try RunDirectory(folder)
      let problem = try Gnuplot.draw(figure().script, to: "figure.svg", in: directory)
      #expect(problem == nil)
      let drawing = try text("\(folder)/figure.svg")
      #expect(drawing.contains("<svg") && drawing.hasSuffix("</svg>\n\n"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["figure.svg"])
    }
  }
}
