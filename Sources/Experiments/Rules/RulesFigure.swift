internal import Observables

/// `figure.svg` of `dmft rules`: performance against energy along the runs, and where they end.
///
/// On the left the curve of every rule, marked at its target or last step; on the right that point's
/// two costs, with the Pareto front. A second row holds the rules at their best learning rates.
public struct RulesFigure: Sendable {
  private let ranking: RuleRanking
  private let bounds: TestErrorBounds?

  /// A figure of a ranking; `bounds` are lines on axes of the test error.
  public init(_ ranking: RuleRanking, bounds: TestErrorBounds? = nil) {
    self.ranking = ranking
    self.bounds = bounds
  }

  /// The figure as gnuplot's program, data included, writing to its standard output.
  public var script: String {
    let groups = ranking.groups
    let rows = groups.enumerated().map { RulesFigureRow(ranking, $1, number: $0, bounds: bounds) }
    let head = """
      set encoding utf8
      set terminal svg size 1220,\(400 * max(groups.count, 1)) dynamic font 'Helvetica,15' \
      background '#ffffff'
      set multiplot
      set border 3 lw 1 lc '#444444'
      set tics nomirror out scale 0.6
      set grid lc '#dddddd' lt 1 lw 0.6
      set xlabel '\(ranking.energy.observable.label)' offset 0,0.3

      """
    return head + rows.map(\.script).joined() + "unset multiplot\n"
  }
}
