internal import Foundation
internal import NumericalKit

/// The probability that a function on a line is negative, under a given law. `[observable.testerror]`
///
/// Sign changes are found on a grid of spacing 1/4 from -8 to 8 and refined by bisection to 1e-9; a pair
/// of changes within one cell is missed. About 100 calls of the function.
struct LineProbability: Sendable {
  private static let reach = 8.0
  private static let cells = 64

  /// P(x < a) of the law, from 0 to 1.
  private let cumulative: @Sendable (Double) -> Double

  /// A standard normal number.
  static let normal = LineProbability(cumulative: NormalDistribution.cumulative)
  /// The density |r| exp(-r²/2)/2: two standard normal numbers along a line through the origin, if the
  /// direction of the line is averaged over.
  static let radial = LineProbability { r in
    let tail = 0.5 * exp(-0.5 * r * r)
    return r < 0 ? tail : 1 - tail
  }

  /// P(f < 0) + P(f = 0)/2 for f that vanishes nowhere or everywhere on an interval.
  func negative(_ function: (Double) -> Double) -> Double {
    let reach = Self.reach
    let width = 2 * reach / Double(Self.cells)
    var lower = -reach
    var value = function(lower)
    var probability = 0.0
    var isZero = value == 0
    for cell in 1...Self.cells {
      let upper = cell == Self.cells ? reach : -reach + Double(cell) * width
      let next = function(upper)
      isZero = isZero && next == 0
      if (value < 0) == (next < 0) {
        if value < 0 { probability += mass(lower, upper) }
      } else {
        let root = Self.bisect(function, lower, upper, isNegativeBelow: value < 0)
        probability += value < 0 ? mass(lower, root) : mass(root, upper)
      }
      (lower, value) = (upper, next)
    }
    return isZero ? 0.5 : probability
  }

  private func mass(_ lower: Double, _ upper: Double) -> Double {
    (upper >= Self.reach ? 1 : cumulative(upper)) - (lower <= -Self.reach ? 0 : cumulative(lower))
  }

  private static func bisect(
    _ function: (Double) -> Double, _ lower: Double, _ upper: Double, isNegativeBelow: Bool
  ) -> Double {
    var (lower, upper) = (lower, upper)
    while upper - lower > 1e-9 {
      let middle = 0.5 * (lower + upper)
      if (function(middle) < 0) == isNegativeBelow { lower = middle } else { upper = middle }
    }
    return 0.5 * (lower + upper)
  }
}
