internal import LearningProblem
internal import NumericalKit

/// The variances of each class along common axes, relative to what all classes share.
/// `[fit.shapes]` `[fit.classes]`
struct ClassShapes {
  /// Unevenness of the ratios between classes in standard errors of classes that share their
  /// shape. `[fit.shapes]`
  let difference: Double
  /// f_a of each class and axis, of mean 1 over the axes; what sampling adds to the spread between
  /// classes is taken out. `[fit.classes]`
  let variances: [[Double]]

  /// - Parameters:
  ///   - measured: e·S_a e of each class and axis.
  ///   - freedoms: n_a - 1.
  ///   - kurtosis: the mean excess kurtosis of rows along the axes, which adds to the noise.
  ///   - shared: f of all classes, of mean 1. `[fit.groups]`
  init(_ measured: [[Double]], freedoms: [Int], kurtosis: Double, shared: [Double]) {
    let (d, nu) = (Double(shared.count), Double(freedoms.reduce(0, +)))
    let shares = freedoms.map { Double($0) / nu }
    func pooled(_ rows: [[Double]]) -> [Double] {
      shared.indices.map { i in zip(shares, rows).reduce(0) { $0 + $1.0 * $1.1[i] } }
    }
    let traces = measured.map { $0.reduce(0, +) }
    let trace = zip(shares, traces).reduce(0) { $0 + $1.0 * $1.1 }
    // Shapes: rows scaled by class to one trace.
    let scaled = zip(measured, traces).map { row, own in row.map { $0 * trace / own } }
    let common = pooled(scaled)
    var square = 0.0
    for (row, freedom) in zip(scaled, freedoms) {
      for (value, mean) in zip(row, common) where mean > 0 {
        let excess = value / mean - 1
        square += Double(freedom) / 2 * excess * excess
      }
    }
    let dimension = (d - 1) * Double(freedoms.count - 1)
    let noise = 1 + max(kurtosis, 0) / 2
    let expected = dimension * noise * nu / (nu + 2)
    difference = (square - expected) / (noise * (2 * dimension).squareRoot())

    let kept = max(0, 1 - expected / max(square, .leastNonzeroMagnitude)).squareRoot()
    let all = pooled(measured)
    variances = zip(measured, traces).map { row, own in
      let ratio = own / trace
      let values = shared.indices.map { i in
        let measured = all[i] > 0 ? row[i] / all[i] : ratio
        return shared[i] * (ratio + kept * (measured - ratio)) / ratio
      }
      let mean = values.reduce(0, +) / d
      return values.map { $0 / mean }
    }
  }

  /// The mean excess kurtosis of the residuals along the axes, of which each class has its own
  /// variances. `[fit.kurtosis]`
  static func kurtosis(_ data: MeasuredData, axes: DenseMatrix) -> Double {
    let residuals = data.residuals
    let counts = data.moments.counts
    var (sum, weights) = (0.0, 0.0)
    for i in 0..<axes.rows {
      var squares = [Double](repeating: 0, count: counts.count)
      var fourths = squares
      for (row, a) in data.members.enumerated() {
        let y = DenseVector.dot(residuals[row], axes[i])
        squares[a] += y * y
        fourths[a] += y * y * y * y
      }
      for (a, count) in counts.enumerated() where count > 2 && squares[a] > 0 {
        let n = Double(count)
        let ratio = n * fourths[a] / (squares[a] * squares[a])
        sum += n * ((n + 1) / (n - 1) * ratio - 3)
        weights += n
      }
    }
    return weights > 0 ? sum / weights : 0
  }
}
