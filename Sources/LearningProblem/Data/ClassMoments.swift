public import NumericalKit

/// Means and variances of classes of points, without the part of the sampling. `[fit.gram]`
public struct ClassMoments: Sendable {
  /// n_a, at least 2 each.
  public let counts: [Int]
  /// The (unweighted) mean of the sample means of all classes.
  public let middle: [Double]
  /// Sample mean of each class, minus `middle`.
  public let means: DenseMatrix
  /// Tr S_a, the trace of the unbiased sample covariance of each class.
  public let traces: [Double]
  /// M_a·M_b of the sample means.
  public let rawGram: DenseMatrix
  /// The products of the true means, c x c, unbiased: |mean|² of a sample is too large by Tr Σ/n.
  /// `[fit.gram]`
  public let gram: DenseMatrix

  /// Moments of the rows of `points`, of which row i belongs to class `members[i]` < `classes`.
  public init(_ points: DenseMatrix, members: [Int], classes: Int) {
    let d = points.columns
    var counts = [Int](repeating: 0, count: classes)
    var means = [[Double]](repeating: [Double](repeating: 0, count: d), count: classes)
    for (row, a) in members.enumerated() {
      counts[a] += 1
      DenseVector.add(1, Array(points[row]), to: &means[a])
    }
    precondition(counts.allSatisfy { $0 >= 2 }, "at least two points per class, got \(counts)")
    for a in means.indices { means[a] = means[a].map { $0 / Double(counts[a]) } }
    var squares = [Double](repeating: 0, count: classes)
    for (row, a) in members.enumerated() {
      for (x, m) in zip(points[row], means[a]) { squares[a] += (x - m) * (x - m) }
    }
    let traces = zip(squares, counts).map { $0 / Double($1 - 1) }
    let middle = (0..<d).map { j in means.reduce(0) { $0 + $1[j] } / Double(classes) }
    for a in means.indices { DenseVector.add(-1, middle, to: &means[a]) }

    // Cov(M_a, M_b) summed over coordinates: noise_a = Tr S_a/n_a, with the common mean taken out.
    let noise = zip(traces, counts).map { $0 / Double($1) }
    let common = noise.reduce(0, +) / Double(classes * classes)
    var raw = [Double]()
    var corrected = [Double]()
    for a in 0..<classes {
      for b in 0..<classes {
        let product = DenseVector.dot(means[a], means[b])
        let excess =
          (a == b ? noise[a] : 0) - (noise[a] + noise[b]) / Double(classes) + common
        raw.append(product)
        corrected.append(product - excess)
      }
    }
    self.counts = counts
    self.middle = middle
    self.means = DenseMatrix(rows: classes, columns: d, values: means.flatMap { $0 })
    self.traces = traces
    rawGram = DenseMatrix(rows: classes, columns: classes, values: raw)
    gram = DenseMatrix(rows: classes, columns: classes, values: corrected)
  }

  /// `points` minus the sample means of their classes.
  public func residuals(of points: DenseMatrix, members: [Int]) -> DenseMatrix {
    var result = points
    for (i, a) in members.enumerated() {
      for j in 0..<points.columns {
        result.values[i * points.columns + j] -= middle[j] + means[a, j]
      }
    }
    return result
  }

  /// The mean square distance of the class means from their middle; of two classes, the square of
  /// half their distance. May be negative where classes cannot be told apart.
  public var separation: Double { gram.trace / Double(counts.count) }
  /// The separation of the sample means, which is too large.
  public var rawSeparation: Double { rawGram.trace / Double(counts.count) }

  /// Orthonormal directions e_p that the class means span, and the coordinates B_ap of the means
  /// along them: principal axes of `gram` with positive eigenvalues, largest first, at most one
  /// fewer than classes. `[fit.centres]`
  public var axes: (directions: [[Double]], centres: [[Double]]) {
    let classes = counts.count
    let principal = SymmetricEigenproblem(gram)
    var directions: [[Double]] = []
    var centres = [[Double]](repeating: [], count: classes)
    for p in 1..<classes {
      // Along further axes sampling noise explains the differences of the means.
      guard principal.values[classes - p] > 1e-9 * rawGram.trace else { break }
      var vector = Array(principal.vectors[classes - p])
      if (vector.first ?? 0) < 0 { vector = vector.map { -$0 } }
      var direction = [Double](repeating: 0, count: means.columns)
      for a in 0..<classes { DenseVector.add(vector[a], Array(means[a]), to: &direction) }
      for earlier in directions {
        DenseVector.add(-DenseVector.dot(earlier, direction), earlier, to: &direction)
      }
      let length = DenseVector.dot(direction, direction).squareRoot()
      directions.append(direction.map { $0 / length })
      let size = principal.values[classes - p].squareRoot()
      for a in 0..<classes { centres[a].append(size * vector[a]) }
    }
    return (directions, centres)
  }
}
