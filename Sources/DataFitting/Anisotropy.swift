internal import NumericalKit

/// How far the covariances of classes are from multiples of the unit matrix, beyond what sampling
/// explains.
///
/// Classes are scaled to one variance before they are pooled, so that variances may differ.
/// `[fit.scaled]`
public struct Anisotropy: Sendable {
  /// Eigenvalues of the pooled covariance of rows scaled by class, ascending; their mean is the
  /// mean variance. `[fit.scaled]`
  public let eigenvalues: [Double]
  /// Degrees of freedom behind them, N - c.
  public let freedom: Int
  /// The largest eigenvalue of the pooled covariance of rows as they are, unscaled.
  let largestVariance: Double
  /// 1/(d Tr Σ²) of the scaled covariance of trace 1: 1 if isotropic, without sampling bias.
  /// `[fit.participation]`
  public let participationRatio: Double
  /// The participation ratio of the sample covariance itself, below 1 always.
  public let rawParticipationRatio: Double
  /// Unevenness of the eigenvalues in standard errors of isotropic rows. `[fit.sphericity]`
  public let sphericity: Double
  /// Unevenness of the eigenvalues of each class for itself, all classes together, in standard
  /// errors of isotropic rows. `[fit.sphericity]`
  public let classSphericity: Double
  /// The largest eigenvalue that isotropic rows of this mean variance have, about. `[fit.edge]`
  public let edge: Double
  /// Mean over pairs of classes of Tr (Σ_a - Σ_b)²/(Tr Σ_a² + Tr Σ_b²), unscaled: 0 if equal, 1 if
  /// unrelated. `[fit.traces]`
  public let classDifference: Double

  /// Sphericities of isotropic rows are below it, but for half a per cent each. `[fit.verdict]`
  public static let criticalSphericity = 2.5

  init(_ classes: ClassCovariances) {
    let covariance = classes.scaled
    let d = Double(covariance.columns)
    freedom = classes.freedoms.reduce(0, +)
    eigenvalues = classes.scaledEigenvalues
    largestVariance = classes.largestPooledEigenvalue
    let trace = covariance.trace
    let raw = DenseVector.dot(covariance.values, covariance.values)
    rawParticipationRatio = trace * trace / (d * raw)
    let sphericities = Sphericity(classes)
    sphericity = sphericities.pooled
    classSphericity = sphericities.byClass
    let width = 1 + (d / Double(freedom)).squareRoot()
    edge = trace / d * width * width
    var (square, weights) = (0.0, 0.0)
    var differences: [Double] = []
    for a in classes.matrices.indices {
      for b in 0...a where a != b || classes.freedoms[a] > 1 {
        let weight = Double((a == b ? 1 : 2) * classes.freedoms[a] * classes.freedoms[b])
        square += weight * classes.shapeProduct(a, b)
        weights += weight
      }
      for b in 0..<a {
        let own = classes.product(a, a) + classes.product(b, b)
        differences.append((own - 2 * classes.product(a, b)) / own)
      }
    }
    participationRatio = weights / square
    classDifference = differences.reduce(0, +) / Double(differences.count)
  }

  /// Whether isotropic classes, each of its own variance, would look like this: wrong for 1 % of
  /// such files. `[fit.verdict]`
  public var isIsotropic: Bool {
    max(sphericity, classSphericity) < Self.criticalSphericity
  }

  /// Eigenvalues above the edge.
  public var countAboveEdge: Int { eigenvalues.count { $0 > edge } }
}
