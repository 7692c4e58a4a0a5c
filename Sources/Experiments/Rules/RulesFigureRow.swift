internal import Observables

/// The two panels of rules at comparable learning rates.
struct RulesFigureRow {
  let ranking: RuleRanking
  let outcomes: [(outcome: RuleOutcome, style: RuleStyle)]
  private let number: Int
  private let bounds: TestErrorBounds?

  init(_ ranking: RuleRanking, _ group: [RuleOutcome], number: Int, bounds: TestErrorBounds?) {
    self.bounds = bounds
    self.ranking = ranking
    self.number = number
    outcomes = zip(group, RuleStyle.styles(group.map(\.choice.kind))).filter {
      !$0.0.curves.isEmpty
    }.map { ($0.0, $0.1) }
  }

  var script: String { left + right }

  /// The observable that falls along a run.
  var falling: String { ranking.target?.name ?? ranking.performance }

  /// The curves, and the points at the target or last step.
  private var left: String {
    var data = ""
    var plots: [String] = []
    if let target = ranking.target {
      plots.append("\(target.value) lw 1 dt 3 lc '#444444' notitle")
    }
    if falling == Observable.testError.name { plots += bounds?.lines(titled: true) ?? [] }
    var marks: [String] = []
    for (index, (outcome, style)) in outcomes.enumerated() {
      let lines = curve(outcome)
      guard !lines.isEmpty else { continue }
      let block = "$curve_\(number)_\(index)"
      data += "\(block) << EOD\n\(lines)EOD\n"
      let title = outcome.choice.label + (outcome.rateChoice == .own ? ", own η" : "")
      plots.append("\(block) with lines \(style.line) notitle")
      plots.append("NaN with linespoints \(style.text) title '\(title)'")
      marks += cross(outcome, falling, "$end_\(number)_\(index)", style, &data)
    }
    guard !data.isEmpty else { return "" }
    let rates = outcomes[0].outcome.rateChoice == .best ? "best η of each rule" : "given η"
    return data + margins(0.078, 0.385)
      + """
      set key at screen 0.995, screen \(top - 0.06 * height) right top vertical maxrows 40 \
      Left reverse samplen 2.5 spacing 1.05 font ',12' noenhanced
      \(FigureAxis.commands("x", leftRange))unset logscale y
      set ytics auto
      set yrange [*:\(1.02 * start)]
      set ylabel '\(words(falling))' offset 1,0
      set title 'along the run, \(rates)' font ',13' offset 0,-0.6
      plot \((plots + marks).joined(separator: ", \\\n  "))

      """
  }

  /// Energy and performance of every run that counts, and the front.
  private var right: String {
    var data = ""
    var plots: [String] = []
    for (index, (outcome, style)) in outcomes.enumerated() {
      plots += cross(outcome, ranking.performance, "$cost_\(number)_\(index)", style, &data)
    }
    guard !plots.isEmpty else { return "" }
    let points = outcomes.compactMap { point($0.outcome, ranking.performance) }
    let front = ParetoFront.line(points.map { ($0.x.value, $0.y.value) }).map {
      "\(points[$0].x.value) \(points[$0].y.value)\n"
    }
    let limits = ranking.performance == Observable.testError.name ? bounds : nil
    plots += limits?.lines(titled: false) ?? []
    let heights = points.map(\.y.value) + (limits.map { [$0.bayes.value, $0.oracle.value] } ?? [])
    data += "$front_\(number) << EOD\n\(front.joined())EOD\n"
    plots.insert("$front_\(number) with steps lw 6 lc '#d0d0d0' notitle", at: 0)
    let place =
      ranking.target.map { "at \(words($0.name)) \($0.value)" } ?? "at the last step"
    return data + margins(0.463, 0.765)
      + """
      unset key
      \(FigureAxis.commands("x", points.map(\.x.value)))\
      \(FigureAxis.commands("y", heights))\
      set ylabel '\(words(ranking.performance))' offset 1,0
      set title '\(place), with the Pareto front' font ',13' offset 0,-0.6
      plot \(plots.joined(separator: ", \\\n  "))

      """
  }

  private var height: Double { 1 / Double(ranking.groups.count) }
  private var top: Double { 1 - Double(number) * height }

  private func margins(_ left: Double, _ right: Double) -> String {
    """
    set lmargin at screen \(left)
    set rmargin at screen \(right)
    set tmargin at screen \(top - 0.08 * height)
    set bmargin at screen \(top - 0.84 * height)

    """
  }

  private func words(_ name: String) -> String {
    name == RuleOutcome.stepsToTarget
      ? "steps to the target" : name.split(separator: "_").joined(separator: " ")
  }
}
