internal import NumericalKit
public import Observables

/// How far rows are from Gaussian within their classes, as seen in one dimension and in their
/// lengths. `[fit.gaussianity]`
///
/// Each class is measured in units of its own variance, so that variances may differ.
public struct Gaussianity: Sendable {
  /// Random directions along which the kurtosis is taken.
  public static let directions = 64

  /// Excess kurtosis of projections on random directions within classes, their mean, 0 without bias
  /// for Gaussian rows; the error is that of one direction of such rows, √(24/N) at most.
  /// `[fit.kurtosis]`
  public let kurtosis: Estimate
  /// The excess kurtosis along v_1, between the class means.
  public let signalKurtosis: Estimate
  /// Standard deviation of |x|² over its mean, within classes; nan if all have two rows.
  /// `[fit.lengths]`
  public let lengthSpread: Double
  /// The spread of lengths that Gaussian rows with these covariances have; nan as well.
  /// `[fit.lengths]`
  public let gaussianLengthSpread: Double

  init(
    _ residuals: DenseMatrix, members: [Int], direction: [Double], classes: ClassCovariances
  ) {
    let d = residuals.columns
    var stream = RandomStream(seed: 1, purpose: .check)
    let normals = (0..<d * Self.directions).map { _ in stream.normal() }
    let projections = residuals.times(
      DenseMatrix(rows: d, columns: Self.directions, values: normals))
    let rows = classes.freedoms.indices.map { a in members.indices.filter { members[$0] == a } }
    let each = (0..<Self.directions).map { column in
      Self.excess(rows.map { own in own.map { projections[$0, column] } })
    }
    let error = (24 / Double(residuals.rows)).squareRoot()
    kurtosis = Estimate(
      each.reduce(0, +) / Double(each.count), standardError: error)
    let signal = residuals.times(DenseMatrix(rows: d, columns: 1, values: direction)).values
    signalKurtosis = Estimate(
      Self.excess(rows.map { own in own.map { signal[$0] } }), standardError: error)
    let lengths = residuals.squaredLengths
    var (squares, expected, shapes) = (0.0, 0.0, 0.0)
    for (a, own) in rows.enumerated() where classes.freedoms[a] > 1 {
      let (nu, mean) = (
        Double(classes.freedoms[a]), own.reduce(0) { $0 + lengths[$1] } / Double(own.count)
      )
      squares += own.reduce(0) { $0 + (lengths[$1] / mean - 1) * (lengths[$1] / mean - 1) }
      let weight = (nu * nu - 1) / (nu * Double(d) + 2)
      expected += weight
      shapes += weight * classes.shapeProduct(a, a)
    }
    lengthSpread = (squares / expected / Double(d)).squareRoot()
    gaussianLengthSpread = (2 * max(shapes, 0) / expected / Double(d)).squareRoot()
  }

  /// E[x⁴]/E[x²]² - 3 within classes of numbers of mean 0, without the bias of Gaussian ones.
  /// `[fit.kurtosis]`
  private static func excess(_ classes: [[Double]]) -> Double {
    var sum = 0.0
    for x in classes {
      let count = Double(x.count)
      let second = x.reduce(0) { $0 + $1 * $1 } / count
      let fourth = x.reduce(0) { $0 + $1 * $1 * $1 * $1 } / count
      guard second > 0 else { continue }
      sum += count * ((count + 1) / (count - 1) * fourth / (second * second) - 3)
    }
    return sum / Double(classes.reduce(0) { $0 + $1.count })
  }
}
