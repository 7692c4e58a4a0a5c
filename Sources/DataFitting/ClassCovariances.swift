internal import NumericalKit

/// Unbiased sample covariances of classes, and traces of products of the true ones. `[fit.traces]`
struct ClassCovariances {
  /// S_a.
  let matrices: [DenseMatrix]
  /// n_a - 1.
  let freedoms: [Int]
  /// Of all classes together, with N - c degrees of freedom.
  let pooled: DenseMatrix

  /// From deviations of the rows from the sample means of their classes.
  init(_ residuals: DenseMatrix, members: [Int], counts: [Int]) {
    let d = residuals.columns
    freedoms = counts.map { $0 - 1 }
    var total = [Double](repeating: 0, count: d * d)
    matrices = counts.indices.map { a in
      let rows = members.indices.filter { members[$0] == a }
      var matrix = DenseMatrix(
        rows: rows.count, columns: d, values: rows.flatMap { residuals[$0] }
      ).gram()
      DenseVector.add(1, matrix.values, to: &total)
      matrix.values = matrix.values.map { $0 / Double(counts[a] - 1) }
      return matrix
    }
    let freedom = Double(freedoms.reduce(0, +))
    pooled = DenseMatrix(rows: d, columns: d, values: total.map { $0 / freedom })
  }

  /// Tr Σ_a Σ_b without bias; of one class, for Gaussian rows. `[fit.traces]`
  func product(_ a: Int, _ b: Int) -> Double {
    a == b
      ? Self.square(matrices[a], freedom: freedoms[a])
      : DenseVector.dot(matrices[a].values, matrices[b].values)
  }

  /// Tr Σ² of a covariance estimated with `freedom` degrees of freedom. `[fit.traces]`
  static func square(_ covariance: DenseMatrix, freedom: Int) -> Double {
    let nu = Double(freedom)
    let raw = DenseVector.dot(covariance.values, covariance.values)
    guard freedom > 1 else { return raw }
    return nu * nu / ((nu - 1) * (nu + 2)) * (raw - covariance.trace * covariance.trace / nu)
  }
}
