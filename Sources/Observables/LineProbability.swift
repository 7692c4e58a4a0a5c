internal import NumericalKit

/// The probability that a function of a standard normal number is negative. `[observable.testerror]`
///
/// Sign changes are found on a grid of spacing 1/4 from -8 to 8 and refined by bisection to 1e-12; a pair
/// of changes within one cell is missed. About 100 calls of the function.
enum LineProbability {
  private static let reach = 8.0
  private static let cells = 64

  /// P(f(Z) < 0) + P(f(Z) = 0)/2 for f that vanishes nowhere or everywhere on an interval.
  static func negative(_ function: (Double) -> Double) -> Double {
    let width = 2 * reach / Double(cells)
    var lower = -reach
    var value = function(lower)
    var probability = 0.0
    var isZero = value == 0
    for cell in 1...cells {
      let upper = cell == cells ? reach : -reach + Double(cell) * width
      let next = function(upper)
      isZero = isZero && next == 0
      if (value < 0) == (next < 0) {
        if value < 0 { probability += mass(lower, upper) }
      } else {
        let root = bisect(function, lower, upper, isNegativeBelow: value < 0)
        probability += value < 0 ? mass(lower, root) : mass(root, upper)
      }
      (lower, value) = (upper, next)
    }
    return isZero ? 0.5 : probability
  }

  private static func mass(_ lower: Double, _ upper: Double) -> Double {
    NormalDistribution.probability(
      from: lower <= -reach ? -.infinity : lower, to: upper >= reach ? .infinity : upper)
  }

  private static func bisect(
    _ function: (Double) -> Double, _ lower: Double, _ upper: Double, isNegativeBelow: Bool
  ) -> Double {
    var (lower, upper) = (lower, upper)
    while upper - lower > 1e-12 {
      let middle = 0.5 * (lower + upper)
      if (function(middle) < 0) == isNegativeBelow { lower = middle } else { upper = middle }
    }
    return 0.5 * (lower + upper)
  }
}
