internal import Observables

/// What the panels show.
extension RulesFigureRow {
  private static let curvePoints = 200

  /// From a tenth of the smallest energy at an end to the largest: the first steps cost too little to
  /// be shown.
  var leftRange: [Double] {
    let last = outcomes.compactMap { $0.outcome.estimate(ranking.energy.rawValue)?.value }
    let curves = outcomes.compactMap {
      $0.outcome.curves.first { $0.observable == ranking.energy.observable }
    }
    let largest = curves.compactMap { $0.estimates.last?.value }.max() ?? 1
    return [0.1 * (last.filter { $0 > 0 }.min() ?? largest), largest]
  }

  /// The highest start of the falling observable; what runs away leaves the panel.
  var start: Double {
    outcomes.compactMap {
      $0.outcome.curves.first { $0.observable.name == falling }?.estimates.first?.value
    }.max() ?? 1
  }

  /// Lines `energy performance`, thinned; a logarithmic axis has no place for 0.
  func curve(_ outcome: RuleOutcome) -> String {
    guard let energy = outcome.curves.first(where: { $0.observable == ranking.energy.observable }),
      let performance = outcome.curves.first(where: { $0.observable.name == falling })
    else { return "" }
    let points = zip(energy.estimates, performance.estimates).filter {
      $0.value > 0 && $1.value.isFinite
    }
    let every = max(1, points.count / Self.curvePoints)
    return points.enumerated().filter { $0.offset % every == 0 || $0.offset == points.count - 1 }
      .map { "\($0.element.0.value) \($0.element.1.value)\n" }.joined()
  }

  /// Energy and `name` of a run that counts.
  func point(_ outcome: RuleOutcome, _ name: String) -> (x: Estimate, y: Estimate)? {
    guard outcome.ending == .finished || outcome.ending == .reached,
      let x = outcome.estimate(ranking.energy.rawValue), let y = outcome.estimate(name),
      x.value > 0, y.value.isFinite
    else { return nil }
    return (x, y)
  }

  /// A point with error bars both ways; vectors, since `xyerrorbars` clears a spot around it.
  func cross(
    _ outcome: RuleOutcome, _ name: String, _ block: String, _ style: RuleStyle,
    _ data: inout String
  ) -> [String] {
    guard let (x, y) = point(outcome, name) else { return [] }
    func ends(_ estimate: Estimate) -> String {  // positive, for logarithmic axes
      let low = max(estimate.value - estimate.standardError, estimate.value / 1000)
      return "\(low) \(estimate.value + estimate.standardError)"
    }
    data += "\(block) << EOD\n\(x.value) \(y.value) \(ends(x)) \(ends(y))\nEOD\n"
    let bar = "with vectors nohead lw 1.5 lc '\(style.colour)' notitle"
    return [
      "\(block) using 3:2:($4-$3):(0) \(bar)", "\(block) using 1:5:(0):($6-$5) \(bar)",
      "\(block) with points \(style.point) notitle",
    ]
  }
}
