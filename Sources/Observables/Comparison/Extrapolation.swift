internal import NumericalKit

/// Training at several dimensions d, extrapolated to d → ∞. `[compare.extrapolation]`
///
/// Each observable at each step is a weighted straight line in 1/d; its value at 1/d = 0 is the
/// estimate, its slope the finite-size bias per 1/d. The line's error comes from the errors of the
/// points, which must not be below the rounding floor of `WelchTest`; points that are all zero
/// without error stay zero.
///
/// Degrees of freedom: the error of the intercept mixes the spreads of all dimensions, with
/// runs - 1 each. The curve counts as having the runs of ONE dimension (the fewest), which is never
/// more than Welch and Satterthwaite's formula gives: the test errs on the side of agreement.
public struct Extrapolation: Answer {
  /// One observable at one step.
  public struct Point: Sendable {
    /// What was measured.
    public let observable: Observable
    /// When.
    public let step: Int
    /// Value at d → ∞.
    public let limit: Estimate
    /// Change per 1/d.
    public let slope: Estimate
    /// |slope| in its standard errors.
    public var significance: Double {
      slope.standardError > 0 ? abs(slope.value) / slope.standardError : 0
    }
  }

  /// The dimensions, ascending.
  public let dimensions: [Int]
  /// The extrapolated curves.
  public let curves: [Curve]
  /// All points, by observable, then step.
  public let points: [Point]

  /// Extrapolates curves of the same problem from at least two dimensions.
  public init(_ trainings: [(dimension: Int, curves: [Curve])]) {
    precondition(
      Set(trainings.map(\.dimension)).count >= 2,
      "extrapolation needs two dimensions, got \(trainings.map(\.dimension))")
    let sorted = trainings.sorted { $0.dimension < $1.dimension }
    dimensions = sorted.map(\.dimension)
    let x = dimensions.map { 1 / Double($0) }
    var points: [Point] = []
    curves = (sorted.first?.curves ?? []).map { first in
      let family = sorted.compactMap { training in
        training.curves[first.observable]?.withoutChanceAgreement
      }
      let line = first.steps.indices.map { row in
        Self.point(first.observable, first.steps[row], x, family.map { $0.estimates[row] })
      }
      points += line
      return Curve(
        observable: first.observable, steps: first.steps, estimates: line.map(\.limit),
        replicas: family.map(\.replicas).min() ?? 1)
    }
    self.points = points
  }

  private static func point(
    _ observable: Observable, _ step: Int, _ x: [Double], _ estimates: [Estimate]
  ) -> Point {
    let largest = estimates.map { abs($0.value) }.max() ?? 0
    let noise = estimates.map(\.standardError).max() ?? 0
    guard largest > 0 || noise > 0 else {
      return Point(observable: observable, step: step, limit: Estimate(0), slope: Estimate(0))
    }
    // Zeros without error among others that have one count as those.
    let floor = largest > 0 ? WelchTest.roundingFloor * largest : noise
    let errors = estimates.map { max($0.standardError, floor) }
    let line = WeightedLine(x: x, y: estimates.map(\.value), errors: errors)
    return Point(
      observable: observable, step: step,
      limit: Estimate(line.intercept, standardError: line.interceptError),
      slope: Estimate(line.slope, standardError: line.slopeError))
  }
}
