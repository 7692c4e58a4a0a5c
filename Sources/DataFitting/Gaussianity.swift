internal import NumericalKit
public import Observables

/// How far rows are from Gaussian, as seen in one dimension and in their lengths. `[fit.gaussianity]`
public struct Gaussianity: Sendable {
  /// Random directions along which the kurtosis is taken.
  public static let directions = 64

  /// Excess kurtosis of projections on random directions, their mean; the error is that of one
  /// direction of Gaussian rows, √(24/N).
  public let kurtosis: Estimate
  /// The same along v_1, between the class means.
  public let signalKurtosis: Estimate
  /// Standard deviation of |x|² over its mean.
  public let lengthSpread: Double
  /// The same of Gaussian rows with this covariance.
  public let gaussianLengthSpread: Double

  init(_ residuals: DenseMatrix, direction: [Double], relativeSpread: Double) {
    let (n, d) = (Double(residuals.rows), residuals.columns)
    var stream = RandomStream(seed: 1, purpose: .check)
    let normals = (0..<d * Self.directions).map { _ in stream.normal() }
    let projections = residuals.times(
      DenseMatrix(rows: d, columns: Self.directions, values: normals))
    let each = (0..<Self.directions).map { column in
      Self.excess((0..<residuals.rows).map { projections[$0, column] })
    }
    let error = (24 / n).squareRoot()
    kurtosis = Estimate(
      each.reduce(0, +) / Double(each.count), standardError: error)
    signalKurtosis = Estimate(
      Self.excess(residuals.times(DenseMatrix(rows: d, columns: 1, values: direction)).values),
      standardError: error)
    let squares = residuals.squaredLengths
    let mean = squares.reduce(0, +) / n
    let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    lengthSpread = variance.squareRoot() / mean
    gaussianLengthSpread = relativeSpread
  }

  /// E[x⁴]/E[x²]² - 3 of numbers of mean 0.
  private static func excess(_ x: [Double]) -> Double {
    let second = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
    let fourth = x.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(x.count)
    return second > 0 ? fourth / (second * second) - 3 : 0
  }
}
