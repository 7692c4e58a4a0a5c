/// The figure of `dmft rules`: performance against energy along the runs, and where they end.
///
/// On the left the curve of every rule, marked at its target or last step; on the right that
/// point's two costs, with the Pareto front. A second row holds the rules at their best rates.
public struct RulesFigure: Sendable {
  private let ranking: RuleRanking
  private let bounds: TestErrorBounds?

  /// A figure of a ranking; `bounds` are lines on axes of the test error.
  public init(_ ranking: RuleRanking, bounds: TestErrorBounds? = nil) {
    self.ranking = ranking
    self.bounds = bounds
  }

  /// The figure.
  public var plot: Plot {
    let rows = ranking.groups.map { RulesFigureRow(ranking, $0, bounds: bounds) }
    return Plot(
      rows.flatMap { [$0.runs, $0.costs] }, columns: 2, panelWidth: 480, panelHeight: 400,
      legendWidth: 260)
  }
}
