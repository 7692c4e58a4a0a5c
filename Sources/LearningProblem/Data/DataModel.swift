/// A Gaussian mixture: cluster a has probability π_a, label y_a, centre B_a and variance Δ_a.
///
/// x = (1/√d) Σ_p B_ap v_p + √Δ_a z, with z ~ N(0, I_d) and signal directions v_p of N(0, 1)
/// entries. `[problem.data]`
public protocol DataModel: Ingredient {
  /// The clusters, with probabilities that sum to 1.
  var clusters: [Cluster] { get }
  /// Who gives the labels if the clusters do not; the signal is then a direction of the input.
  var teacher: Teacher? { get }
  /// Real inputs to train on instead of the mixture's; nil for models.
  var measured: MeasuredData? { get }
}

extension DataModel {
  /// Nobody: labels are those of the clusters.
  public var teacher: Teacher? { nil }
  /// None.
  public var measured: MeasuredData? { nil }
  /// P, the number of signal directions v_p.
  public var signalDirections: Int { clusters.first?.centre.count ?? 0 }
  /// Δ, the mean of the clusters' variances.
  public var variance: Double { clusters.reduce(0) { $0 + $1.probability * $1.variance } }
  /// Whether all clusters have the same variance.
  public var hasCommonVariance: Bool {
    clusters.allSatisfy { $0.variance == clusters[0].variance }
  }
}

/// One component of the mixture.
public struct Cluster: Sendable, Equatable {
  /// π_a.
  public let probability: Double
  /// B_ap, p = 1...P: the centre in the basis of the signal directions.
  public let centre: [Double]
  /// y_a = ±1, or a class 1, 2, ...; not used where a teacher gives the labels; NaN without one.
  public let label: Double
  /// Δ_a > 0, the variance of an input coordinate.
  public let variance: Double

  /// Whether it has a label.
  public var hasLabel: Bool { !label.isNaN }

  /// Creates a cluster; without a label it is for networks that look at none.
  public init(probability: Double, centre: [Double], label: Double? = nil, variance: Double) {
    self.probability = probability
    self.centre = centre
    self.label = label ?? .nan
    self.variance = variance
  }

  /// Σ_p B_ap m_kp(t): the mean of field h_k, for one hidden unit's overlaps m_k·.
  public func mean(_ overlaps: ArraySlice<Double>) -> Double {
    var sum = 0.0
    for (b, m) in zip(centre, overlaps) { sum += b * m }
    return sum
  }
}

/// The key that every mixture shares.
let varianceParameter = Parameter(
  "variance", .number(.positiveSquare), "Δ, variance of an input coordinate within its cluster")
