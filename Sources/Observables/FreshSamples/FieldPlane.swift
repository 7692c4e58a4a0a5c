internal import Foundation
internal import LearningProblem
internal import NumericalKit

/// Fresh samples of one label with two fields, h = o + A (x, y) with x and y standard normal: their
/// mean loss and the probability of a wrong answer. `[observable.plane]`
///
/// The law of (x, y) is the same in all directions. Lines run along the direction u in which the
/// loss changes most, so that they cross the boundary between answers instead of following it; what
/// is left is one integral across the lines, smooth wherever the boundary is. Fields that are
/// proportional are one line. About 70 lines, a few hundred where there are corners.
struct FieldPlane {
  /// Errors at which the adaptive integrals across the lines stop, relative to the result.
  private static let tolerance = 1e-6
  /// Points of each coordinate at which the gradient is looked at.
  private static let pilot = NormalRule(dimension: 2, order: 6)

  private let label: Double
  private let origin: [Double]
  private let along: [Double]
  private let across: [Double]
  /// Where the lines meet something else, on the axis across them: the corner where both fields are
  /// 0, and the ends of the layer in which a field that hardly changes along the lines is 0 within
  /// their reach.
  private let edges: [Double]
  private let objective: any Objective
  private let evaluator: SampleEvaluator

  /// Chooses the direction of lines.
  ///
  /// - Parameters:
  ///   - origin: o, the two mean fields.
  ///   - spread: A, two rows of two.
  init(
    through origin: [Double], spread: [[Double]], label: Double,
    _ objective: any Objective, _ evaluator: SampleEvaluator
  ) {
    self.label = label
    self.origin = origin
    self.objective = objective
    self.evaluator = evaluator
    let angle = Self.steepest(origin, spread, label, evaluator)
    func fields(_ x: Double, _ y: Double) -> [Double] { spread.map { $0[0] * x + $0[1] * y } }
    along = fields(cos(angle), sin(angle))
    across = fields(-sin(angle), cos(angle))
    let area = along[0] * across[1] - along[1] * across[0]
    let zero = (along[1] * origin[0] - along[0] * origin[1]) / area
    let layers = zip(origin, zip(along, across)).flatMap { o, slopes in
      let (middle, width) = (-o / slopes.1, NormalAverage.reach * abs(slopes.0 / slopes.1))
      // A wider one is seen by any rule.
      return width < NormalAverage.spacing ? [middle - width, middle + width] : []
    }
    edges = (zero.isFinite ? [zero] : []) + layers
  }

  /// E[Λ] and the error probability, with upper estimates of their errors; the latter is nan for
  /// machines.
  func averages() -> (loss: Estimate, error: Estimate) {
    var known: [Double: Line] = [:]
    func line(_ y: Double) -> Line {
      if let line = known[y] { return line }
      let line = Line(self, at: y)
      known[y] = line
      return line
    }
    // Lines that are all the same.
    guard across.contains(where: { abs($0) > 1e-9 * (abs(along[0]) + abs(along[1])) }) else {
      let only = line(0)
      return (only.loss, Estimate(only.error))
    }
    let lines = NormalAverage.grid.map(line)
    func average(_ value: (Line) -> Double, accuracy: Double = 0) -> Estimate {
      let values = lines.map(value)
      let result =
        NormalAverage.smooth(values, accuracy: accuracy)
        ?? NormalAverage.piecewise(edges: edges) { value(line($0)) }
        ?? NormalAverage.adaptive(
          edges: edges, tolerance: Self.tolerance, size: NormalAverage.size(values)
        ) { value(line($0)) }
      return Estimate(result.value, standardError: result.error)
    }
    let loss = average { $0.loss.value }
    let rest = NormalAverage.size(lines.map(\.loss.standardError))
    return (
      Estimate(loss.value, standardError: loss.standardError + rest),
      objective.hasErrors
        ? average(\.error, accuracy: FieldLine.errorAccuracy) : Estimate(.nan)
    )
  }

  /// One line.
  private struct Line {
    let loss: Estimate
    let error: Double

    init(_ plane: FieldPlane, at y: Double) {
      var line = FieldLine(
        through: zip(plane.origin, plane.across).map { $0 + y * $1 }, along: plane.along,
        label: plane.label, plane.objective, plane.evaluator)
      loss = line.loss()
      error = plane.objective.hasErrors ? line.error() : .nan
    }
  }

  /// The angle of the direction in which the loss changes most, the first eigenvector of Aᵀ E[g gᵀ]
  /// A with g = ∂Λ/∂h.
  private static func steepest(
    _ origin: [Double], _ spread: [[Double]], _ label: Double, _ evaluator: SampleEvaluator
  ) -> Double {
    var evaluator = evaluator
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for (index, weight) in pilot.weights.enumerated() {
      let z = Array(pilot[index])
      for k in 0..<2 {
        evaluator.fields[k] = origin[k] + spread[k][0] * z[0] + spread[k][1] * z[1]
      }
      _ = evaluator.evaluate(label: label)
      let g = evaluator.gradient
      let x = spread[0][0] * g[0] + spread[1][0] * g[1]
      let y = spread[0][1] * g[0] + spread[1][1] * g[1]
      (xx, xy, yy) = (xx + weight * x * x, xy + weight * x * y, yy + weight * y * y)
    }
    return 0.5 * atan2(2 * xy, xx - yy)
  }
}
