internal import NumericalKit

/// Unbiased sample covariances of classes, and traces of products of the true ones. `[fit.traces]`
struct ClassCovariances {
  /// S_a.
  let matrices: [DenseMatrix]
  /// n_a - 1.
  let freedoms: [Int]
  /// The covariance of all classes together, d x d, with N - c degrees of freedom.
  let pooled: DenseMatrix
  /// The covariance of rows scaled by class to the mean variance, d x d, of the same trace.
  /// `[fit.scaled]`
  let scaled: DenseMatrix
  /// Eigenvalues of `scaled`, d of them, ascending. `[fit.scaled]`
  let scaledEigenvalues: [Double]
  /// The largest eigenvalue of `pooled`.
  let largestPooledEigenvalue: Double

  /// Estimates from deviations of the rows from the sample means of their classes.
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
    var scaled = [Double](repeating: 0, count: d * d)
    for (matrix, own) in zip(matrices, freedoms) {
      let share = Double(own) / freedom
      DenseVector.add(share * pooled.trace / matrix.trace, matrix.values, to: &scaled)
    }
    self.scaled = DenseMatrix(rows: d, columns: d, values: scaled)
    if residuals.rows < d {
      let (matrices, trace) = (matrices, pooled.trace)
      scaledEigenvalues = Self.eigenvalues(residuals) { row in
        (trace / matrices[members[row]].trace / freedom).squareRoot()
      }
      largestPooledEigenvalue =
        Self.eigenvalues(residuals) { _ in 1 / freedom.squareRoot() }.last ?? 0
    } else {
      // Rounding makes negative ones.
      scaledEigenvalues = SymmetricEigenproblem(self.scaled).values.map { max($0, 0) }
      largestPooledEigenvalue = SymmetricEigenproblem(pooled).values.last ?? .nan
    }
  }

  /// Eigenvalues of XᵀX, ascending, of fewer rows than columns, each row times its factor: those
  /// of XXᵀ, and zeros. Costs 2 N² d + 9 N³ in place of 9 d³ operations.
  private static func eigenvalues(
    _ rows: DenseMatrix, factor: (Int) -> Double
  ) -> [Double] {
    let (count, d) = (rows.rows, rows.columns)
    var transposed = [Double](repeating: 0, count: count * d)
    for i in 0..<count {
      let factor = factor(i)
      for j in 0..<d { transposed[j * count + i] = factor * rows[i, j] }
    }
    let gram = DenseMatrix(rows: d, columns: count, values: transposed).gram()
    return [Double](repeating: 0, count: d - count)
      + SymmetricEigenproblem(gram).values.map { max($0, 0) }
  }

  /// Tr Σ_a Σ_b without bias; of one class, for Gaussian rows. `[fit.traces]`
  func product(_ a: Int, _ b: Int) -> Double {
    a == b
      ? Self.square(matrices[a], freedom: freedoms[a])
      : DenseVector.dot(matrices[a].values, matrices[b].values)
  }

  /// d Tr Σ_a Σ_b/(Tr Σ_a Tr Σ_b), 1 without bias if both are isotropic; a = b needs ν_a > 1.
  /// `[fit.participation]`
  func shapeProduct(_ a: Int, _ b: Int) -> Double {
    let d = Double(pooled.columns)
    let product = d * product(a, b) / (matrices[a].trace * matrices[b].trace)
    return a == b ? product * (1 + 2 / (Double(freedoms[a]) * d)) : product
  }

  /// Tr Σ² of the pooled covariance, without bias whatever the classes' own. `[fit.traces]`
  var pooledSquare: Double {
    let total = Double(freedoms.reduce(0, +))
    var sum = 0.0
    for (a, own) in freedoms.enumerated() {
      for (b, other) in freedoms.enumerated() {
        sum += Double(own) / total * (Double(other) / total) * product(a, b)
      }
    }
    return sum
  }

  /// Tr Σ² of a covariance estimated with `freedom` degrees of freedom. `[fit.traces]`
  static func square(_ covariance: DenseMatrix, freedom: Int) -> Double {
    let nu = Double(freedom)
    let raw = DenseVector.dot(covariance.values, covariance.values)
    guard freedom > 1 else { return raw }
    return nu * nu / ((nu - 1) * (nu + 2)) * (raw - covariance.trace * covariance.trace / nu)
  }

  /// e·S_a e of each class and axis e, a row each.
  func variances(along axes: DenseMatrix) -> [[Double]] {
    let d = axes.rows
    let columns = DenseMatrix(
      rows: d, columns: d, values: (0..<d * d).map { axes[$0 % d, $0 / d] })
    return matrices.map { matrix in
      let images = matrix.times(columns)
      return (0..<d).map { i in
        (0..<d).reduce(0) { $0 + columns[$1, i] * images[$1, i] }
      }
    }
  }
}
