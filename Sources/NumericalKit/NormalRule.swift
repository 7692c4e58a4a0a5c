/// Points and weights for averages over standard normal vectors: E[f(Z)] = Σ weight f(point).
public struct NormalRule: Sendable {
  /// n, the number of coordinates; 0 for the rule with the one empty point.
  public let dimension: Int
  /// The points, one behind the other.
  public let points: [Double]
  /// One weight per point, with sum 1.
  public let weights: [Double]

  /// The product of Gauss-Hermite rules: order^dimension points, for smooth functions.
  public init(dimension: Int, order: Int) {
    let rule = Quadrature.standardNormal(order: order)
    var points: [[Double]] = [[]]
    var weights = [1.0]
    for _ in 0..<dimension {
      points = points.flatMap { point in rule.nodes.map { point + [$0] } }
      weights = weights.flatMap { weight in rule.weights.map { weight * $0 } }
    }
    self.dimension = dimension
    self.points = points.flatMap { $0 }
    self.weights = weights
  }

  /// Equal weights for given points.
  public init(dimension: Int, points: [Double]) {
    precondition(dimension >= 1 && points.count % dimension == 0)
    let count = points.count / dimension
    self.dimension = dimension
    self.points = points
    weights = [Double](repeating: 1 / Double(count), count: count)
  }

  /// The coordinates of point number `index`.
  public subscript(index: Int) -> ArraySlice<Double> {
    points[index * dimension..<(index + 1) * dimension]
  }
}
