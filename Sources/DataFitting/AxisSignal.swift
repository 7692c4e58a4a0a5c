internal import LearningProblem
internal import NumericalKit

/// The signal along each of a set of orthonormal axes, the noise of class means taken out.
/// `[fit.axes]`
struct AxisSignal {
  /// T_11, T_12 ... T_22 ... of each axis: P (P + 1)/2 rows of d, with means δ_pq over the axes.
  let values: [[Double]]
  /// Standard errors of `values`, before they are made positive.
  let errors: [[Double]]

  /// - Parameters:
  ///   - axes: orthonormal, a row each.
  ///   - variances: those of each class along the axes.
  init(_ data: MeasuredData, variances: [[Double]], axes: DenseMatrix) {
    let (d, means) = (data.dimension, data.moments.means)
    let directions = data.signals.count
    // B_ap/g_p, by which class means become v_p/√d.
    let loadings = (0..<directions).map { p in
      let column = data.clusters.map { $0.centre[p] }
      let size = column.reduce(0) { $0 + $1 * $1 }
      return column.map { $0 / size }
    }
    let noise = variances.enumerated().map { a, variances in
      variances.map { $0 / Double(data.moments.counts[a]) }
    }
    var matrices: [SymmetricMatrix] = []
    var errors = [[Double]]()
    for i in 0..<d {
      let along = (0..<means.rows).map { DenseVector.dot(means[$0], axes[i]) }
      let u = loadings.map { zip($0, along).reduce(0) { $0 + $1.0 * $1.1 } }
      func covariance(_ p: Int, _ q: Int) -> Double {
        loadings[p].indices.reduce(0) { $0 + loadings[p][$1] * loadings[q][$1] * noise[$1][i] }
      }
      var (entries, own) = ([Double](), [Double]())
      for p in 0..<directions {
        for q in 0..<directions {
          let (pp, pq, qq) = (covariance(p, p), covariance(p, q), covariance(q, q))
          entries.append(Double(d) * (u[p] * u[q] - pq))
          guard q >= p else { continue }
          let least = pp * qq + pq * pq
          let variance = u[p] * u[p] * qq + u[q] * u[q] * pp + 2 * u[p] * u[q] * pq - least
          own.append(Double(d) * max(variance, least).squareRoot())
        }
      }
      matrices.append(
        SymmetricMatrix(size: directions, entries: entries).applying { max($0, 0) })
      errors.append(own)
    }
    let total = matrices.reduce(SymmetricMatrix(size: directions, diagonal: 0)) { $0 + $1 }
    let scale = (1 / Double(d) * total).applying { 1 / $0.squareRoot() }
    let pairs = (0..<directions).flatMap { p in (p..<directions).map { (p, $0) } }
    values = pairs.map { p, q in
      matrices.map { matrix in
        let value = DenseVector.dot(
          matrix.times(scale.row(p))[...], scale.row(q)[...])
        // Rounding in a file must leave the matrix positive.
        return p == q ? value : (1 - 1e-9) * value
      }
    }
    self.errors = pairs.indices.map { entry in errors.map { $0[entry] } }
  }
}

extension SymmetricMatrix {
  fileprivate func row(_ p: Int) -> [Double] { (0..<size).map { self[p, $0] } }
}
