internal import CNumerics

/// Fixed points x = F(x) by Anderson's method: the next point is the affine combination of the last
/// images whose residual F(x) - x is smallest in the sense of least squares.
///
/// The method is GMRES for a linear F, and a quasi-Newton method without derivatives for others. A
/// step costs one evaluation of F and O(depth² n). D. G. Anderson, J. ACM 12, 547 (1965); H. F.
/// Walker and P. Ni, SIAM J. Numer. Anal. 49, 1715 (2011).
public struct AndersonAcceleration: Sendable {
  private let depth: Int
  private var points: [[Double]] = []
  private var residuals: [[Double]] = []

  /// Remembers up to `depth` differences of earlier points.
  public init(depth: Int = 8) {
    precondition(depth >= 0, "depth must be >= 0, got \(depth)")
    self.depth = depth
  }

  /// The next point, given F(point) = `image`, both of one length throughout.
  public mutating func next(point: [Double], image: [Double]) -> [Double] {
    precondition(
      point.count == image.count && (points.last?.count ?? point.count) == point.count,
      "points of \(point.count) and \(image.count) entries")
    let residual = zip(image, point).map { $0 - $1 }
    points.append(point)
    residuals.append(residual)
    if points.count > depth + 1 {
      points.removeFirst()
      residuals.removeFirst()
    }
    guard points.count > 1 else { return image }
    let count = points.count - 1
    let residualSteps = (0..<count).map { Self.difference(residuals[$0 + 1], residuals[$0]) }
    let weights = Self.leastSquares(residualSteps, residual)
    var next = image
    for (i, weight) in weights.enumerated() {
      DenseVector.add(-weight, Self.difference(points[i + 1], points[i]), to: &next)
      DenseVector.add(-weight, residualSteps[i], to: &next)
    }
    return next
  }

  private static func difference(_ a: [Double], _ b: [Double]) -> [Double] {
    zip(a, b).map { $0 - $1 }
  }

  /// c with |Σ_i c_i columns_i - target| smallest; directions below 1e-12 of the largest are left
  /// out.
  private static func leastSquares(_ columns: [[Double]], _ target: [Double]) -> [Double] {
    precondition(Libraries.ready)
    var (rows, width, one) = (Int32(target.count), Int32(columns.count), Int32(1))
    var matrix = columns.flatMap { $0 }
    var (height, leading) = (rows, max(rows, width))
    var right = target + [Double](repeating: 0, count: Int(leading - rows))
    var pivots = [Int32](repeating: 0, count: columns.count)
    var (tolerance, rank, info) = (1e-12, Int32(0), Int32(0))
    var size = Int32(4 * (rows + width) + 64 * width)
    var work = [Double](repeating: 0, count: Int(size))
    unsafe dgelsy_(
      &rows, &width, &one, &matrix, &height, &right, &leading, &pivots, &tolerance, &rank, &work,
      &size, &info)
    precondition(info == 0, "least squares of \(rows) x \(width) failed with status \(info)")
    return Array(right.prefix(columns.count))
  }
}
