internal import NumericalKit

/// How far a covariance is from a multiple of the unit matrix, beyond what its sampling explains.
public struct Anisotropy: Sendable {
  /// Eigenvalues of the pooled covariance within classes, ascending.
  public let eigenvalues: [Double]
  /// Degrees of freedom behind it, N - c.
  public let freedom: Int
  /// (Tr Σ)²/(d Tr Σ²), 1 if isotropic, without sampling bias. `[fit.participation]`
  public let participationRatio: Double
  /// The same of the sample covariance itself, below 1 always.
  public let rawParticipationRatio: Double
  /// Deviation from isotropy in standard errors of an isotropic sample. `[fit.participation]`
  public let sphericity: Double
  /// The largest eigenvalue that an isotropic sample of this mean variance has. `[fit.edge]`
  public let edge: Double
  /// Mean over pairs of classes of Tr (Σ_a - Σ_b)²/(Tr Σ_a² + Tr Σ_b²): 0 if equal, 1 if unrelated.
  /// `[fit.traces]`
  public let classDifference: Double
  /// √(2 Tr Σ²)/Tr Σ: relative spread of |x|² of Gaussian rows with this covariance. `[fit.gaussianity]`
  let gaussianSpread: Double

  init(_ residuals: DenseMatrix, _ classes: ClassCovariances) {
    let d = Double(residuals.columns)
    let covariance = classes.pooled
    freedom = classes.freedoms.reduce(0, +)
    eigenvalues = SymmetricEigenproblem(covariance).values.map { max($0, 0) }  // rounding
    let trace = covariance.trace
    let square = ClassCovariances.square(covariance, freedom: freedom)
    let raw = DenseVector.dot(covariance.values, covariance.values)
    participationRatio = trace * trace / (d * square)
    rawParticipationRatio = trace * trace / (d * raw)
    sphericity = (Double(freedom) * (1 / rawParticipationRatio - 1) - d - 1) / 2
    let width = 1 + (d / Double(freedom)).squareRoot()
    edge = trace / d * width * width
    gaussianSpread = (2 * square).squareRoot() / trace
    var differences: [Double] = []
    for a in classes.matrices.indices {
      for b in 0..<a {
        let own = classes.product(a, a) + classes.product(b, b)
        differences.append((own - 2 * classes.product(a, b)) / own)
      }
    }
    classDifference = differences.reduce(0, +) / Double(differences.count)
  }

  /// Eigenvalues above the edge.
  public var countAboveEdge: Int { eigenvalues.count { $0 > edge } }
}
