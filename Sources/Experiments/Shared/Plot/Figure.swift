internal import Foundation
public import Observables

/// `figure.svg`: theory as lines, training as points with error bars, a panel per observable.
public struct Figure: Sendable {
  /// Points of training per curve, at most.
  public static let trainingPoints = 20
  private static let theoryPoints = 400
  private static let colours = [
    "#0060ad", "#d95319", "#2e8b57", "#7e2f8e", "#b8860b", "#008b8b", "#a2142f", "#555555",
  ]

  /// A panel: observables whose names start alike share one.
  private static let panels: [(prefix: String, label: String)] = [
    ("training_loss", "training loss"), ("training_error", "training error"),
    ("test_loss", "test loss"), ("test_error", "test error"),
    ("log_likelihood", "log-likelihood per sample"),
    ("test_log_likelihood", "test log-likelihood per sample"),
    ("magnetisation", "magnetisation m"), ("norm", "norm C(t,t)"),
    ("replica_distance", "distance of replicas |w_1 - w_2|^2/d"), ("readout", "readout a"),
  ]

  private let theory: [Curve]
  private let training: [Curve]
  private let learningRate: Double
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

  /// A figure of both sets of curves against the time ηt; the names stand in the legend, `bounds` are lines
  /// in the panel of the test error, that of Bayes a curve if there is one.
  public init(
    theory: [Curve], training: [Curve], learningRate: Double, trainingName: String = "training",
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
    self.learningRate = learningRate
  }

  /// The figure as gnuplot's program, data included, writing to its standard output.
  public var script: String {
    let panels = Self.panels.compactMap(panel)
    let columns =
      panels.count <= 2 ? max(panels.count, 1) : panels.count == 4 ? 2 : panels.count > 6 ? 4 : 3
    let rows = (panels.count + columns - 1) / columns
    let left = 0.24 / Double(columns)
    let bottom = 0.19 / Double(rows)
    let lastStep = (theory + training).compactMap(\.steps.last).max() ?? 0
    let duration = learningRate * Double(lastStep)
    let head = """
      set encoding utf8
      set terminal svg size \(430 * columns),\(350 * rows) dynamic font 'Helvetica,15' \
      background '#ffffff'
      set multiplot layout \(rows),\(columns) margins screen \(left), screen 0.985, \
      screen \(bottom), screen \(1 - 0.14 / Double(rows)) \
      spacing screen \(0.27 / Double(columns)), screen \(0.32 / Double(rows))
      set border 3 lw 1 lc '#444444'
      set tics nomirror out scale 0.6
      set grid lc '#dddddd' lt 1 lw 0.6
      set key at graph 1, graph 1.15 right top horizontal samplen 1 width -2 spacing 0.95 font ',12' noenhanced \
      maxrows 2
      set offsets graph 0.02, graph 0.02, graph 0.06, graph 0
      set xrange [0:\(duration > 0 ? duration : 1)]
      set xlabel 'time η t' offset 0,0.4

      """
    return head + panels.joined() + "unset multiplot\n"
  }

  /// One panel, nil if neither side has any of its observables.
  private func panel(_ prefix: String, _ label: String) -> String? {
    let names = theory.map(\.observable) + training.map(\.observable)
    var seen: Set<Observable> = []
    let family = names.filter { $0.name.hasPrefix(prefix) && seen.insert($0).inserted }
    guard !family.isEmpty else { return nil }
    let shown = Self.shown(family)
    var bars: [String] = []  // vectors: `yerrorbars` clears a spot around each point
    var plots: [String] = []
    var data: [String] = []
    for (index, observable) in shown.enumerated() {
      let colour = Self.colours[index % Self.colours.count]
      let other = shown.count == 1 ? Self.colours[1] : colour
      let suffix = shown.count == 1 ? "" : String(observable.name.dropFirst(prefix.count + 1))
      if let curve = theory.first(where: { $0.observable == observable }) {
        let block = "$theory_\(observable.name)"
        let title = suffix.isEmpty ? theoryName : suffix
        data.append("\(block) << EOD\n\(lines(curve, atMost: Self.theoryPoints))EOD\n")
        plots.append("\(block) with lines lw 2 lc '\(colour)' title '\(title)'")
      }
      if let curve = training.first(where: { $0.observable == observable }) {
        let block = "$training_\(observable.name)"
        let name = trainingName + (variant == nil ? " ± s.e." : "")
        let title = shown.count == 1 ? "title '\(name)'" : "notitle"
        data.append("\(block) << EOD\n\(lines(curve, atMost: Self.trainingPoints))EOD\n")
        bars.append(
          "\(block) using 1:($2-$3):(0):(2*$3) with vectors nohead lw 1.5 lc '\(other)' notitle")
        plots.append("\(block) with points pt 7 ps 0.4 lc '\(other)' \(title)")
      }
      append(variant, observable, shown.count == 1, colour, other, &data, &bars, &plots)
    }
    if prefix == Observable.testError.name, let bounds {
      plots += bounds.lines(titled: true, bayes: bayes.map { _ in "$bayes" })
      if let bayes { data.append("$bayes << EOD\n\(lines(bayes, atMost: Self.theoryPoints))EOD\n") }
    }
    return data.joined()
      + "set key width \(shown.count == 1 ? -2 : 1)\nset ylabel '\(label)' offset 0.8,0\nplot \((bars + plots).joined(separator: ", \\\n  "))\n"
  }

  /// One observable of the second way.
  private func append(
    _ variant: Variant?, _ observable: Observable, _ isAlone: Bool, _ colour: String,
    _ other: String, _ data: inout [String], _ bars: inout [String], _ plots: inout [String]
  ) {
    guard let variant else { return }
    if let curve = variant.theory.first(where: { $0.observable == observable }) {
      let block = "$variant_\(observable.name)"
      data.append("\(block) << EOD\n\(lines(curve, atMost: Self.theoryPoints))EOD\n")
      let title = isAlone ? "title '\(variant.name)'" : "notitle"
      plots.append("\(block) with lines lw 2 dt 2 lc '\(colour)' \(title)")
    }
    if let curve = variant.training.first(where: { $0.observable == observable }) {
      let block = "$variant_training_\(observable.name)"
      data.append("\(block) << EOD\n\(lines(curve, atMost: Self.trainingPoints))EOD\n")
      bars.append(
        "\(block) using 1:($2-$3):(0):(2*$3) with vectors nohead lw 1.5 lc '\(other)' notitle")
      plots.append("\(block) with points pt 6 ps 0.5 lc '\(other)' notitle")
    }
  }

  /// At most eight curves of a family; of a matrix C_kl the diagonal.
  private static func shown(_ family: [Observable]) -> [Observable] {
    let diagonal = family.filter { observable in
      guard observable.name.hasPrefix("norm_") else { return true }
      // `norm_11`, or `norm_11_11` from two digits on.
      let index = observable.name.dropFirst("norm_".count)
      return index.prefix(index.count / 2) == index.suffix(index.count / 2)
    }
    return Array(diagonal.prefix(colours.count))
  }

  /// Inline data `time value error`, thinned to every n-th, first and last kept.
  private func lines(_ curve: Curve, atMost limit: Int) -> String {
    let last = curve.steps.count - 1
    let every = max(1, (last + limit - 2) / (limit - 1))
    var rows = Array(stride(from: 0, through: last, by: every))
    if rows.last != last { rows.append(last) }
    var text = ""
    for row in rows {
      let estimate = curve.estimates[row]
      guard estimate.value.isFinite else { continue }
      let error = estimate.standardError.isFinite ? estimate.standardError : 0
      text += "\(learningRate * Double(curve.steps[row])) \(estimate.value) \(error)\n"
    }
    return text
  }
}
