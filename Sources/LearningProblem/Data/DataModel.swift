/// A Gaussian mixture: cluster a has probability π_a, label y_a, centre B_a and variance Δ.
///
/// x = (1/√d) Σ_p B_ap v_p + √Δ z, with z ~ N(0, I_d) and signal directions v_p of N(0, 1)
/// entries. `[problem.data]`
public protocol DataModel: Ingredient {
  /// The clusters, with probabilities that sum to 1.
  var clusters: [Cluster] { get }
  /// Δ > 0, the variance of an input coordinate within a cluster.
  var variance: Double { get }
  /// Who gives the labels if the clusters do not; the signal is then a direction of the input.
  var teacher: Teacher? { get }
}

extension DataModel {
  /// Nobody: labels are those of the clusters.
  public var teacher: Teacher? { nil }
  /// P, the number of signal directions v_p.
  public var signalDirections: Int { clusters.first?.centre.count ?? 0 }
}

/// One component of the mixture.
public struct Cluster: Sendable, Equatable {
  /// π_a.
  public let probability: Double
  /// B_ap, p = 1...P: the centre in the basis of the signal directions.
  public let centre: [Double]
  /// y_a = ±1; not used where a teacher gives the labels.
  public let label: Double

  /// Creates a cluster.
  public init(probability: Double, centre: [Double], label: Double) {
    self.probability = probability
    self.centre = centre
    self.label = label
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
  "variance", .number(.positive), "Δ, variance of an input coordinate within its cluster")
