/// Theory against training, at every step and observable that both have. `[compare.criterion]`
///
/// They disagree if any of the N points has a two-sided Welch p-value below 0.01/N (Bonferroni),
/// which holds for any correlation along a curve. Measured with 8 against 16 replicas and 306
/// points: 0.3 % of true agreements are flagged if curves vary slowly, as those of the solvers do;
/// 2 % if all points are independent, because Welch's p-values are too small so far out.
public struct Comparison: Sendable {
  /// Nominal probability of flagging a case that agrees.
  public static let significance = 0.01

  /// One step of one observable.
  public struct Point: Sendable {
    /// What was measured.
    public let observable: Observable
    /// When.
    public let step: Int
    /// The theory's estimate.
    public let theory: Estimate
    /// The estimate from training.
    public let training: Estimate
    /// Distance and p-value.
    public let test: WelchTest
  }

  /// One observable over its whole curve.
  public struct Row: Sendable {
    /// What was measured.
    public let observable: Observable
    /// The last compared step.
    public let last: Point
    /// The largest |distance|, in joint standard errors.
    public let largestDistance: Double
    /// Root of the mean squared distance.
    public let rmsDistance: Double
    /// Whether no point of it is flagged.
    public let agrees: Bool
  }

  /// All compared points, by observable, then step.
  public let points: [Point]
  /// One summary per observable.
  public let rows: [Row]
  /// p-values below this flag a point: significance / number of points.
  public let threshold: Double
  /// Observables that only one side has.
  public let unmatched: [Observable]

  /// Whether no point is flagged, and there was something to compare.
  public var agrees: Bool { !rows.isEmpty && rows.allSatisfy(\.agrees) }

  /// Compares curves of the same names at the same steps; in those of training, where runs agree by
  /// chance, errors are those of the other steps.
  public init(theory: [Curve], training: [Curve]) {
    let training = training.map(\.withoutChanceAgreement)
    let groups = theory.compactMap { curve in
      training.first { $0.observable == curve.observable }.map { Self.points(curve, $0) }
    }
    let points = groups.flatMap { $0 }
    let threshold = Self.significance / Double(max(points.count, 1))
    self.points = points
    self.threshold = threshold
    rows = groups.compactMap { group in
      group.last.map { last in
        Row(
          observable: last.observable, last: last,
          largestDistance: group.map { abs($0.test.distance) }.max() ?? 0,
          rmsDistance: (group.reduce(0) { $0 + $1.test.distance * $1.test.distance }
            / Double(group.count)).squareRoot(),
          agrees: group.allSatisfy { $0.test.pValue >= threshold })
      }
    }
    let matched = Set(rows.map(\.observable))
    unmatched = (theory + training).map(\.observable).filter { !matched.contains($0) }
  }

  private static func points(_ theory: Curve, _ training: Curve) -> [Point] {
    let measured = Dictionary(
      zip(training.steps, training.estimates), uniquingKeysWith: { first, _ in first })
    return zip(theory.steps, theory.estimates).compactMap { step, estimate in
      measured[step].map {
        Point(
          observable: theory.observable, step: step, theory: estimate, training: $0,
          test: WelchTest(
            estimate, replicas: theory.replicas, $0, replicas: training.replicas))
      }
    }
  }
}
