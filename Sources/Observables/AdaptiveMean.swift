/// The mean of a function over an interval by Simpson's rule, on panels that are halved where it bends.
///
/// Up to 12 times, which finds a jump to about 1e-5 of the interval.
struct AdaptiveMean {
  private static let depth = 12
  /// Of the mean.
  private static let tolerance = 1e-7

  /// Panels to begin with.
  let panels: Int

  /// The mean from `lower` to `upper`.
  func mean(from lower: Double, to upper: Double, of function: (Double) -> Double) -> Double {
    let width = (upper - lower) / Double(panels)
    var sum = 0.0
    var left = function(lower)
    for panel in 0..<panels {
      let start = lower + Double(panel) * width
      let right = function(start + width)
      let panel = Panel(
        start: start, width: width, left: left, middle: function(start + 0.5 * width), right: right)
      sum += Self.refined(panel, Self.depth, function)
      left = right
    }
    return sum / Double(panels)
  }

  private struct Panel {
    let start: Double
    let width: Double
    let left: Double
    let middle: Double
    let right: Double

    /// Simpson's mean.
    var mean: Double { (left + 4 * middle + right) / 6 }
  }

  private static func refined(
    _ panel: Panel, _ depth: Int, _ function: (Double) -> Double
  ) -> Double {
    let half = 0.5 * panel.width
    let first = Panel(
      start: panel.start, width: half, left: panel.left,
      middle: function(panel.start + 0.5 * half), right: panel.middle)
    let second = Panel(
      start: panel.start + half, width: half, left: panel.middle,
      middle: function(panel.start + 1.5 * half), right: panel.right)
    let mean = 0.5 * (first.mean + second.mean)
    let change = mean - panel.mean
    guard depth > 1, abs(change) > 15 * tolerance else { return mean + change / 15 }
    return 0.5 * (refined(first, depth - 1, function) + refined(second, depth - 1, function))
  }
}
