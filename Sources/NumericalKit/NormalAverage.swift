/// Averages over a standard normal number, of smooth functions or of any.
public enum NormalAverage {
  /// What lies beyond has a probability of 1e-15 and is left out.
  public static let reach = 8.0
  /// Cells of the grid between -`reach` and `reach`.
  public static let cells = 64
  /// The distance between two points of the grid.
  public static let spacing = 2 * reach / Double(cells)
  /// Below this share of the average two halves of the grid agree.
  private static let agreement = 1e-6

  /// The points of the grid, ascending: `cells` + 1 of them, `spacing` = 1/4 apart.
  public static let grid = (0...cells).map { -reach + Double($0) * spacing }
  private static let densities = grid.map { spacing * NormalDistribution.density($0) }

  /// E[f(Z)] by the trapezoidal rule on the grid, which converges exponentially for analytic f; nil
  /// unless its two halves, the even and the odd points, agree to 1e-6 and its four quarters to
  /// 3e-3.
  ///
  /// The error is the distance of the halves, far above that of the whole; 0 where it is rounding.
  /// Two sums can agree by accident where f has a kink; four shifted ones cannot at the same place.
  ///
  /// - Parameters:
  ///   - values: f at the points of `grid`.
  ///   - accuracy: the error of each: what differs by no more agrees.
  public static func smooth(
    _ values: [Double], accuracy: Double = 0
  ) -> (value: Double, error: Double)? {
    precondition(values.count == grid.count, "\(values.count) values on \(grid.count) points")
    let size = Self.size(values)
    var quarters = [0.0, 0.0, 0.0, 0.0]
    for (index, value) in values.enumerated() { quarters[index % 4] += densities[index] * value }
    let value = quarters.reduce(0, +)
    guard value.isFinite, quarters.allSatisfy({ abs(4 * $0 - value) <= max(3e-3 * size, accuracy) })
    else { return nil }
    let distance = abs(quarters[0] + quarters[2] - quarters[1] - quarters[3])
    guard distance <= max(agreement * size, accuracy) else { return nil }
    return (value, distance > 1e-12 * size ? distance : 0)
  }

  /// E|f(Z)| by the trapezoidal rule, from f at the points of `grid`: a scale for errors.
  public static func size(_ values: [Double]) -> Double {
    zip(densities, values).reduce(0) { $0 + $1.0 * abs($1.1) }
  }

  /// Two Gauss-Legendre rules for a panel, the first of which counts.
  private static let rules = (
    fine: Quadrature.legendre(order: 8), coarse: Quadrature.legendre(order: 6)
  )
  private static let widestPanel = 2.0

  /// E[f(Z)] of a function that is smooth between `edges`, by Gauss-Legendre rules on panels of
  /// width 2 at most; nil unless orders 8 and 6 agree to 1e-6 of E|f(Z)|, panel by panel.
  ///
  /// - Parameters:
  ///   - edges: places in (-`reach`, `reach`) in any order; others are left out.
  ///   - function: f.
  /// - Returns: the average, and the sum over panels of the distance of the two orders, far above
  ///   the error: distances of either sign could cancel by accident.
  public static func piecewise(
    edges: [Double], of function: (Double) -> Double
  ) -> (value: Double, error: Double)? {
    var (average, distance, size) = (0.0, 0.0, 0.0)
    for (lower, upper) in pieces(edges) {
      let panels = max(1, Int(((upper - lower) / widestPanel).rounded(.up)))
      let half = (upper - lower) / Double(2 * panels)
      for panel in 0..<panels {
        let middle = lower + half * Double(2 * panel + 1)
        var (fine, coarse) = (0.0, 0.0)
        func term(_ node: Double, _ weight: Double) -> Double {
          let x = middle + half * node
          return half * weight * NormalDistribution.density(x) * function(x)
        }
        for (node, weight) in zip(rules.fine.nodes, rules.fine.weights) {
          let term = term(node, weight)
          fine += term
          size += abs(term)
        }
        for (node, weight) in zip(rules.coarse.nodes, rules.coarse.weights) {
          coarse += term(node, weight)
        }
        average += fine
        distance += abs(fine - coarse)
      }
    }
    return distance <= agreement * size ? (average, distance) : nil
  }

  private static func pieces(_ edges: [Double]) -> [(Double, Double)] {
    let ends = [-reach] + edges.filter { abs($0) < reach }.sorted() + [reach]
    return zip(ends, ends.dropFirst()).filter { $0 < $1 }
  }

  /// E[f(Z)] by adaptive integration between `edges`, where f may have kinks or jumps.
  ///
  /// - Parameters:
  ///   - edges: places in (-`reach`, `reach`) in any order; others are left out.
  ///   - tolerance: the error at which to stop, relative to the average of |f| on the grid or,
  ///     where that is larger, to the integral.
  ///   - size: the average of |f|, roughly.
  ///   - function: f.
  /// - Returns: the average, and an upper estimate of its error.
  public static func adaptive(
    edges: [Double] = [], tolerance: Double, size: Double, of function: (Double) -> Double
  ) -> (value: Double, error: Double) {
    var (sum, error) = (0.0, 0.0)
    for (lower, upper) in pieces(edges) {
      let piece = Integration.estimate(
        from: lower, to: upper, tolerance: tolerance, absolute: tolerance * size
      ) { NormalDistribution.density($0) * function($0) }
      sum += piece.value
      error += piece.error
    }
    return (sum, error)
  }
}
