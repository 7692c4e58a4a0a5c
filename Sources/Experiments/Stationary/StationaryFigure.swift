internal import LearningProblem
internal import NumericalKit
internal import Observables
internal import Stationary

/// The figure of a steady state: kernels by lag, spectra, fluctuation against dissipation.
struct StationaryFigure: Sendable {
  private static let colours = ["#0060ad", "#d95319", "#2e8b57", "#7e2f8e"]
  private static let mostPoints = 400

  private let report: StationaryReport
  private let solution: StationarySolution
  private let eta: Double
  /// Lags until both C_f and R have fallen below 1e-3 of their largest values.
  private let shown: Int

  init(_ report: StationaryReport) {
    self.report = report
    solution = report.solution
    eta = report.dynamics.grid.rate(at: 0)
    shown = max(
      8,
      report.solution.states.map { state in
        let correlation = Self.lastAbove(1e-3, state.weights.correlation)
        let response = Self.lastAbove(1e-3, state.weights.response)
        return report.solution.fluctuates ? max(correlation, response) : response
      }.max() ?? 0)
  }

  /// The figure.
  var plot: Plot {
    Plot(
      [kernelPanel, gradientPanel, spectrumPanel, temperaturePanel].compactMap(\.self),
      columns: 2, panelWidth: 450, panelHeight: 370)
  }

  private typealias Curve = (title: String, points: [Plot.Point])

  /// C_f and R by lag, each in units of its largest value.
  private var kernelPanel: Plot.Panel {
    let response = line("-R(τ) / ηp", solution.estimates { $0.relativeResponse }, from: 1)
    let correlation =
      solution.fluctuates
      ? [
        line(
          "[C(τ) - C∞] / [C(0) - C∞]",
          solution.estimates { state in
            state.weights.correlation.map { $0 / state.fluctuation }
          })
      ] : []
    return lagPanel("weights, relative", correlation + [response])
  }

  /// χ and S_f by lag.
  private var gradientPanel: Plot.Panel {
    let response = line("χ(τ), τ ≥ 1", solution.estimates(\.gradients.response), from: 1)
    let covariance =
      solution.fluctuates
      ? [line("S(τ) - S∞, τ ≥ 1", solution.estimates(\.gradients.covariance), from: 1)] : []
    return lagPanel("gradients", [response] + covariance)
  }

  /// Power against frequency, both logarithmic.
  private var spectrumPanel: Plot.Panel {
    let spectra = solution.states.map { StationarySpectra($0) }
    let frequencies = spectra[0].frequencies
    let rows = Self.logarithmicRows(frequencies.count)
    func line(_ title: String, _ quantity: (StationarySpectra) -> [Double]) -> Curve {
      let lists = spectra.map(quantity)
      let points = rows.map { row in
        let power = Estimate(mean: lists.map { $0[row] })
        return Plot.Point(frequencies[row] / eta, power.value, yError: power.standardError)
      }
      return (title, points)
    }
    let noise =
      solution.fluctuates ? [line("C", \.correlation), line("S", \.gradientCovariance)] : []
    return panel(
      Plot.Axis("angular frequency ω / η", scale: .logarithmic),
      Plot.Axis("power spectra", scale: .logarithmic),
      noise + [line("|R|²") { $0.response.map(\.squaredSize) }], .bottomLeft)
  }

  /// C(0) - C(τ) against the integrated response, with straight lines of the two temperatures.
  private var temperaturePanel: Plot.Panel? {
    guard solution.fluctuates else { return nil }
    let response = solution.estimates(\.integratedResponse).map(\.value)
    let displacement = solution.estimates(\.displacement)
    let points = Self.rows(shown).map {
      Plot.Point(response[$0], displacement[$0].value, yError: displacement[$0].standardError)
    }
    let last = response[shown - 1]
    func temperature(
      _ estimate: Estimate, _ what: String, _ colour: String, _ dash: Plot.Line.Dash
    ) -> Plot.Series {
      Plot.Series(
        "T_{eff} = \(Number.short(estimate.value)), \(what)", colour: colour,
        line: Plot.Line(width: 1.5, dash: dash),
        points: [Plot.Point(0, 0), Plot.Point(last, estimate.value * last)])
    }
    return panel(
      Plot.Axis("integrated response -Σ R", low: 0, high: last),
      Plot.Axis("displacement C(0) - C(τ)"),
      [("C(0) - C(τ)", points)], .topLeft,
      straight: [
        temperature(solution.estimate(\.shortTemperature), "one step", "#555555", .dashed),
        temperature(solution.estimate(\.longTemperature), "all lags", "#d95319", .dotted),
      ])
  }

  private func line(_ title: String, _ estimates: [Estimate], from first: Int = 0) -> Curve {
    let points = Self.rows(shown).filter { $0 >= first }.map {
      Plot.Point(eta * Double($0), estimates[$0].value, yError: estimates[$0].standardError)
    }
    return (title, points)
  }

  private func lagPanel(_ label: String, _ curves: [Curve]) -> Plot.Panel {
    panel(
      Plot.Axis("time lag η τ", low: 0, high: eta * Double(shown)), Plot.Axis(label), curves,
      .topRight)
  }

  private func panel(
    _ x: Plot.Axis, _ y: Plot.Axis, _ curves: [Curve], _ corner: Plot.Corner,
    straight: [Plot.Series] = []
  ) -> Plot.Panel {
    let series = zip(curves, Self.colours).map { curve, colour in
      Plot.Series(curve.title, colour: colour, line: Plot.Line(), points: curve.points)
    }
    return Plot.Panel(x: x, y: y, series: series + straight, legend: .inside(corner))
  }

  /// The last lag at which a kernel exceeds `fraction` of its largest value.
  private static func lastAbove(_ fraction: Double, _ kernel: [Double]) -> Int {
    let largest = kernel.reduce(0) { max($0, abs($1)) }
    return kernel.lastIndex { abs($0) > fraction * largest } ?? 0
  }

  /// 0 ..< count, thinned.
  private static func rows(_ count: Int) -> [Int] {
    Array(stride(from: 0, to: count, by: max(1, count / mostPoints)))
  }

  /// 1 ..< count in steps of a few per cent.
  private static func logarithmicRows(_ count: Int) -> [Int] {
    var rows: [Int] = []
    var row = 1
    while row < count {
      rows.append(row)
      row = max(row + 1, Int(1.02 * Double(row)))
    }
    return rows
  }
}

extension StationaryState {
  /// R(τ)/R(1).
  fileprivate var relativeResponse: [Double] {
    weights.response.map { $0 / weights.response[1] }
  }
}
