internal import Foundation
internal import LearningProblem
internal import NumericalKit
internal import Observables
internal import Stationary

/// `figure.svg` of a steady state: kernels by lag, spectra, fluctuation against dissipation.
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
    eta = report.problem.learningRate
    shown = max(
      8,
      report.solution.states.map { state in
        let correlation = Self.lastAbove(1e-3, state.weights.correlation)
        let response = Self.lastAbove(1e-3, state.weights.response)
        return report.solution.fluctuates ? max(correlation, response) : response
      }.max() ?? 0)
  }

  /// The figure as gnuplot's program, data included, writing to its standard output.
  var script: String {
    let panels = [kernelPanel, gradientPanel, spectrumPanel, temperaturePanel].compactMap(\.self)
    let rows = (panels.count + 1) / 2
    return """
      set encoding utf8
      set terminal svg size 900,\(370 * rows) dynamic font 'Helvetica,15' background '#ffffff'
      set multiplot layout \(rows),2 margins screen 0.1, screen 0.985, \
      screen \(0.19 / Double(rows)), screen \(1 - 0.12 / Double(rows)) \
      spacing screen 0.12, screen \(0.32 / Double(rows))
      set border 3 lw 1 lc '#444444'
      set tics nomirror out scale 0.6
      set grid lc '#dddddd' lt 1 lw 0.6
      set key top right samplen 1.5 spacing 1.1 font ',13' noenhanced
      set offsets 0, graph 0.02, graph 0.06, graph 0.02
      set xrange [0:*]

      """ + panels.joined() + "unset multiplot\n"
  }

  private typealias Line = (title: String, points: [(x: Double, y: Double, error: Double)])

  /// C_f and R by lag, each in units of its largest value.
  private var kernelPanel: String? {
    var lines = [line("-R(τ) / ηp", solution.estimates { $0.relativeResponse }, from: 1)]
    if solution.fluctuates {
      lines.insert(
        line(
          "[C(τ) - C∞] / [C(0) - C∞]",
          solution.estimates { state in
            state.weights.correlation.map { $0 / state.fluctuation }
          }), at: 0)
    }
    return panel(
      "kernels", lines,
      head: "set xlabel 'time lag η τ' offset 0,0.4\nset ylabel 'weights, relative' offset 0.8,0\n")
  }

  /// χ and S_f by lag.
  private var gradientPanel: String? {
    var lines = [line("χ(τ), τ ≥ 1", solution.estimates(\.gradients.response), from: 1)]
    if solution.fluctuates {
      lines.append(
        line("S(τ) - S∞, τ ≥ 1", solution.estimates(\.gradients.covariance), from: 1))
    }
    return panel(
      "gradients", lines,
      head: "set xlabel 'time lag η τ' offset 0,0.4\nset ylabel 'gradients' offset 0.8,0\n")
  }

  /// Power against frequency, both logarithmic.
  private var spectrumPanel: String? {
    let spectra = solution.states.map { StationarySpectra($0) }
    func line(_ title: String, _ quantity: (StationarySpectra) -> [Double]) -> Line {
      let lists = spectra.map(quantity)
      let frequencies = spectra[0].frequencies
      let rows = Self.logarithmicRows(frequencies.count)
      return (
        title,
        rows.map { row in
          let estimate = Estimate(mean: lists.map { $0[row] })
          return (frequencies[row] / eta, estimate.value, estimate.standardError)
        }.filter { $0.y > 0 }
      )
    }
    var lines = [line("|R|²") { $0.response.map(\.squaredSize) }]
    if solution.fluctuates {
      lines = [line("C", \.correlation), line("S", \.gradientCovariance)] + lines
    }
    return panel(
      "spectra", lines,
      head: "set xrange [*:*]\nset logscale xy\nset format y '10^{%T}'\nset key bottom left\n"
        + "set xlabel 'angular frequency ω / η' offset 0,0.4\n"
        + "set ylabel 'power spectra' offset 0.8,0\n",
      tail: "unset logscale\nset xrange [0:*]\nset format y\nset key top right\n")
  }

  /// C(0) - C(τ) against the integrated response, with straight lines of the two temperatures.
  private var temperaturePanel: String? {
    guard solution.fluctuates else { return nil }
    let response = solution.estimates(\.integratedResponse).map(\.value)
    let displacement = solution.estimates(\.displacement)
    let rows = Self.rows(shown)
    let curve: Line = (
      "C(0) - C(τ)",
      rows.map { (response[$0], displacement[$0].value, displacement[$0].standardError) }
    )
    let last = response[shown - 1]
    let short = solution.estimate(\.shortTemperature)
    let long = solution.estimate(\.longTemperature)
    return panel(
      "temperature", [curve],
      head: "set key bottom right\nset xlabel 'integrated response -Σ R' offset 0,0.4\n"
        + "set ylabel 'displacement C(0) - C(τ)' offset 0.8,0\n",
      more: [
        "[0:\(last)] \(short.value)*x with lines dt 2 lw 1.5 lc '#555555' title 'T_{eff} = \(Number.short(short.value)), one step' enhanced",
        "[0:\(last)] \(long.value)*x with lines dt 3 lw 1.5 lc '#d95319' title 'T_{eff} = \(Number.short(long.value)), all lags' enhanced",
      ])
  }

  private func line(_ title: String, _ estimates: [Estimate], from first: Int = 0) -> Line {
    (
      title,
      Self.rows(shown).filter { $0 >= first }.map {
        (eta * Double($0), estimates[$0].value, estimates[$0].standardError)
      }
    )
  }

  /// One panel: lines, with a band of one standard error where there is any.
  private func panel(
    _ name: String, _ lines: [Line], head: String, more: [String] = [], tail: String = ""
  ) -> String {
    var data = ""
    var plots: [String] = []
    for (index, line) in lines.enumerated() {
      let block = "$\(name)_\(index)"
      let colour = Self.colours[index % Self.colours.count]
      let rows = line.points.map { "\($0.x) \($0.y) \($0.error)\n" }.joined()
      data += "\(block) << EOD\n\(rows)EOD\n"
      if line.points.contains(where: { $0.error > 0 }) {
        plots.append(
          "\(block) using 1:($2-$3):($2+$3) with filledcurves fs solid 0.25 noborder lc '\(colour)' notitle"
        )
      }
      plots.append("\(block) using 1:2 with lines lw 2 lc '\(colour)' title '\(line.title)'")
    }
    return data + head + "plot " + (plots + more).joined(separator: ", \\\n  ") + "\n" + tail
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
