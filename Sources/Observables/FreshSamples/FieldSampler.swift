public import LearningProblem

/// Fields and labels of fresh samples out of standard normal numbers, given the overlaps m and the
/// covariance C of the weights: h = B_a m + √Δ_a L z with L Lᵀ the covariance of `FieldCovariance`,
/// for a teacher h = m ν + L z. `[online.averages]` `[observable.testloss]`
///
/// A point has, in this order, ν and the noise of the label where a teacher has them, then z, one
/// number per hidden unit.
public struct FieldSampler: Sendable {
  /// Numbers of a point in front of z: none for clusters, ν, or ν and the noise of the label.
  public let sources: Int
  private let units: Int
  private let teacher: Teacher?
  private let field: FieldCovariance

  /// Prepares a sampler for a problem.
  public init(_ dynamics: Dynamics) {
    teacher = dynamics.data.teacher
    sources = teacher.map { $0.noise > 0 ? 2 : 1 } ?? 0
    units = dynamics.hiddenUnits
    field = dynamics.fields
  }

  /// Numbers of a point.
  public var dimension: Int { sources + units }

  /// The law of the fields at one time.
  ///
  /// - Parameters:
  ///   - overlaps: m_kp, K rows of P.
  ///   - covariance: C_kl, K x K row-major.
  ///   - step: that of the forward pass, whose noise of the weights counts.
  public func law(overlaps: [[Double]], covariance: [Double], at step: Int) -> Law {
    Law(
      sources: sources, teacher: teacher, overlaps: overlaps,
      factor: field.factor(overlaps: overlaps, covariance: covariance, at: step))
  }

  /// The fields of fresh samples of all clusters.
  public struct Law: Sendable {
    fileprivate let sources: Int
    fileprivate let teacher: Teacher?
    fileprivate let overlaps: [[Double]]
    /// L, K rows, in units of √Δ_a.
    public let factor: [[Double]]

    /// The samples of one cluster.
    public func within(_ cluster: Cluster) -> ClusterLaw {
      ClusterLaw(
        law: self, label: cluster.label, means: overlaps.map { cluster.mean($0[...]) },
        deviation: cluster.variance.squareRoot())
    }
  }

  /// The fields of fresh samples of one cluster.
  public struct ClusterLaw: Sendable {
    fileprivate let law: Law
    /// The cluster's label, where no teacher gives one.
    public let label: Double
    /// B_a m_k.
    public let means: [Double]
    /// √Δ_a.
    public let deviation: Double

    /// √Δ_a L.
    public var spread: [[Double]] { law.factor.map { row in row.map { deviation * $0 } } }

    /// Gives `evaluator` the fields of the point that begins at `first` of `points`, and returns
    /// the label of that sample.
    public func draw(
      _ points: [Double], at first: Int, into evaluator: inout SampleEvaluator
    ) -> Double {
      let nu = law.sources > 0 ? points[first] : 0
      let start = first + law.sources
      for k in means.indices {
        var noise = 0.0
        for l in 0...k { noise += law.factor[k][l] * points[start + l] }
        if law.teacher != nil { noise += law.overlaps[k][0] * nu }
        evaluator.fields[k] = means[k] + deviation * noise
      }
      return law.teacher?.label(signal: nu, noise: law.sources > 1 ? points[first + 1] : 0)
        ?? label
    }
  }
}
