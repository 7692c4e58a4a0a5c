internal import LearningProblem
internal import NumericalKit

/// Clusters as seen through unit noise in the directions that tell them apart. `[optimal.channel]`
///
/// Cluster a is a normal law of covariance I around a point; only the r directions in which the
/// points differ are kept, so that r is at most P and the number of clusters less one.
struct VisibleClusters: Sendable {
  /// π_a and the label, one per cluster.
  let members: [(probability: Double, label: Double)]
  /// The points, r coordinates each.
  let points: [[Double]]
  /// r.
  var rank: Int { points.first?.count ?? 0 }

  /// The clusters of `group`, all of one variance Δ, as seen by who knows the signal up to the
  /// overlap matrix q = `root`²: q^{1/2} B_a/√Δ.
  init(_ group: [Cluster], root: SymmetricMatrix) {
    let members = group.map { (probability: $0.probability, label: $0.label) }
    let images = group.map { cluster in
      root.times(cluster.centre).map { $0 / cluster.variance.squareRoot() }
    }
    let total = group.reduce(0) { $0 + $1.probability }
    let mean = (0..<root.size).map { p in
      zip(members, images).reduce(0) { $0 + $1.0.probability * $1.1[p] } / max(total, 1e-300)
    }
    let centred = images.map { zip($0, mean).map { $0 - $1 } }
    let spread = SymmetricMatrix(
      size: root.size, moments: centred, weights: group.map { _ in 1 })
    let (values, vectors) = spread.eigen()
    let least = max(1e-14 * (values.last ?? 0), 1e-18)
    let axes = zip(values, vectors).filter { $0.0 > least }.map(\.1)
    self.members = members
    points = centred.map { point in axes.map { DenseVector.dot($0[...], point[...]) } }
  }

  /// Groups that |x|²/d tells apart: clusters of equal variance. `[optimal.channel]`
  static func groups(_ clusters: [Cluster]) -> [[Cluster]] {
    let present = clusters.filter { $0.probability > 0 }
    return Set(present.map(\.variance)).sorted().map { variance in
      present.filter { $0.variance == variance }
    }
  }
}
