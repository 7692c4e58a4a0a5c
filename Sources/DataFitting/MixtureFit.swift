public import LearningProblem
internal import NumericalKit
public import Observables

/// The Gaussian mixture that has the class means and variances of labelled rows, with standard
/// errors.
public struct MixtureFit: Sendable {
  /// The rows.
  public let data: MeasuredData
  /// π_a.
  public let probabilities: [Estimate]
  /// Root mean square distance of the class means from their middle, half their distance for two
  /// classes, in units of the file (or of whitened coordinates). `[fit.gram]` `[fit.error]`
  public let distance: Estimate
  /// The distance of the sample means, with their sampling noise left in.
  public let rawDistance: Double
  /// Δ_a, for class means at distance 1; the error contains that of the unit. `[fit.error]`
  public let variances: [Estimate]
  /// How far the covariances of classes are from multiples of the unit matrix.
  public let anisotropy: Anisotropy
  /// How far the rows are from Gaussian within classes.
  public let gaussianity: Gaussianity
  /// Inputs in groups; nil for whitened rows and for no more rows than inputs. `[fit.groups]`
  public let groups: FittedGroups?

  /// Bytes of the covariances of `classes` classes of `dimension` inputs, and of what is made of
  /// them.
  public static func memory(dimension: Int, classes: Int) -> Double {
    8 * Double(dimension) * Double(dimension) * Double(classes + 5)
  }

  /// Fits the rows: about 2 N d² operations, 18 times the cube of the smaller of N and d, and as
  /// much again for groups.
  public init(_ data: MeasuredData) {
    self.data = data
    let residuals = data.residuals
    let classes = ClassCovariances(residuals, members: data.members, counts: data.moments.counts)
    let (count, moments) = (Double(data.count), data.moments)
    let separation = moments.separation
    let relative = Self.separationVariance(data, classes).squareRoot() / separation
    probabilities = data.clusters.map { cluster in
      let p = cluster.probability
      return Estimate(p, standardError: (p * (1 - p) / count).squareRoot())
    }
    let size = data.unit * separation.squareRoot()
    distance = Estimate(size, standardError: size * relative / 2)
    rawDistance = data.unit * moments.rawSeparation.squareRoot()
    let squares = residuals.squaredLengths
    variances = data.clusters.indices.map { a in
      let own = data.members.indices.filter { data.members[$0] == a }.map { squares[$0] }
      let trace = Estimate(mean: own)
      let spread = trace.standardError / trace.value
      let value = data.clusters[a].variance
      let error = (spread * spread + relative * relative).squareRoot()
      return Estimate(value, standardError: value * error)
    }
    anisotropy = Anisotropy(classes)
    groups = FittedGroups(data, residuals, classes)
    gaussianity = Gaussianity(
      residuals, members: data.members, direction: data.signals[0], classes: classes)
  }

  /// The mixture.
  public var mixture: Mixture { Mixture(clusters: data.clusters) }

  /// Variance of the estimated separation. `[fit.error]`
  private static func separationVariance(
    _ data: MeasuredData, _ classes: ClassCovariances
  ) -> Double {
    let moments = data.moments
    let count = moments.counts.count
    var sum = 0.0
    for a in 0..<count {
      let mean = DenseMatrix(
        rows: data.dimension, columns: 1, values: Array(moments.means[a]))
      let along = mean.gramProduct(with: classes.matrices[a].times(mean))
      sum += 4 * along / Double(moments.counts[a])
      for b in 0..<count {
        let projector = (a == b ? 1 : 0) - 1 / Double(count)
        sum -=
          2 * projector * projector * classes.product(a, b)
          / Double(moments.counts[a] * moments.counts[b])
      }
    }
    return max(sum, 0) / Double(count * count)
  }
}

extension DenseMatrix {
  /// |x_i|² of each row.
  var squaredLengths: [Double] {
    (0..<rows).map { self[$0].reduce(0) { $0 + $1 * $1 } }
  }

  /// x·y of two single columns.
  fileprivate func gramProduct(with other: DenseMatrix) -> Double {
    DenseVector.dot(values, other.values)
  }
}
