internal import Foundation
internal import LearningProblem
internal import NumericalKit

/// What α d labelled samples of a mixture reveal of its signal directions: the overlap matrix q of
/// v with its posterior mean. `[optimal.evolution]`
///
/// The state evolution of Bayes-optimal matrix estimation with Gaussian v, in which a sample's
/// cluster is known up to those of its label and variance. Fixed points are iterated from q = I and
/// from q ≈ 0; where they differ, that of the larger free entropy is the posterior's.
/// `[optimal.entropy]`
struct MixturePosterior {
  private static let iterations = 4000
  private static let accuracy = 1e-12

  /// Clusters of one label and one variance, among which a sample's own is unknown.
  private struct Class {
    let clusters: [Cluster]
    let probability: Double
    /// B_a/√Δ.
    let images: [[Double]]
  }

  private let classes: [Class]
  private let size: Int
  /// What the start of the weights says about v. `[optimal.start]`
  private let information: SymmetricMatrix
  /// The rules for averages over the r directions in which the clusters of a class differ.
  private let rules: [NormalRule]

  /// Prepares the evolution; `information` is the precision with which v is known without samples.
  init(_ clusters: [Cluster], information: SymmetricMatrix) {
    size = information.size
    self.information = information
    let classes = VisibleClusters.groups(clusters).flatMap { group in
      Set(group.map(\.label)).sorted().map { label in
        let members = group.filter { $0.label == label }
        return Class(
          clusters: members, probability: members.reduce(0) { $0 + $1.probability },
          images: members.map { cluster in
            cluster.centre.map { $0 / cluster.variance.squareRoot() }
          })
      }
    }
    self.classes = classes
    let largest = classes.map { min($0.clusters.count - 1, information.size) }.max() ?? 0
    rules = (0...largest).map(Self.rule)
  }

  /// Averages over `rank` directions.
  private static func rule(rank: Int) -> NormalRule {
    switch rank {
    case 0: NormalRule(dimension: 0, order: 1)
    case 1: NormalRule(dimension: 1, order: 96)
    case 2: NormalRule(dimension: 2, order: 40)
    default:
      NormalRule(
        dimension: rank,
        points: QuasiRandomPoints(dimension: rank, count: 512, shifts: 2, seed: 0x5e).shifts
          .flatMap { $0 })
    }
  }

  /// q given `alpha` d samples, P x P.
  func overlap(samplesPerWeight alpha: Double) -> SymmetricMatrix {
    let isClosed = classes.allSatisfy { $0.clusters.count == 1 }
    let informed = fixedPoint(from: SymmetricMatrix(size: size, diagonal: 1), alpha)
    if isClosed { return informed.overlap }
    let uninformed = fixedPoint(from: SymmetricMatrix(size: size, diagonal: 1e-3), alpha)
    return informed.entropy > uninformed.entropy ? informed.overlap : uninformed.overlap
  }

  /// q = I - (I + Q)⁻¹, Q from q, until nothing moves. `[optimal.evolution]`
  private func fixedPoint(
    from start: SymmetricMatrix, _ alpha: Double
  ) -> (overlap: SymmetricMatrix, entropy: Double) {
    var q = start
    for _ in 0..<Self.iterations {
      let precision = information + precision(q, alpha).matrix
      let next = precision.applying { max($0, 0) / (1 + max($0, 0)) }
      let change = zip(next.entries, q.entries).map { abs($0 - $1) }.max() ?? 0
      q = next
      if change < Self.accuracy { break }
    }
    return (q, entropy(q, alpha))
  }

  /// The free entropy per dimension at a fixed point. `[optimal.entropy]`
  private func entropy(_ q: SymmetricMatrix, _ alpha: Double) -> Double {
    let samples = precision(q, alpha)
    let total = information + samples.matrix
    let logarithms = total.eigen().values.reduce(0) { $0 + log1p(max($1, 0)) }
    return 0.5 * (total.trace - logarithms) + samples.entropy
      - 0.5 * samples.matrix.traceOfProduct(q)
  }

  /// Q = α Σ_a π_a E[û ûᵀ], and α times the mean log-evidence of a sample. `[optimal.evolution]`
  private func precision(
    _ q: SymmetricMatrix, _ alpha: Double
  ) -> (matrix: SymmetricMatrix, entropy: Double) {
    let root = q.applying { max($0, 0).squareRoot() }
    var sum = SymmetricMatrix(size: size, diagonal: 0)
    var entropy = 0.0
    for item in classes {
      let visible = VisibleClusters(item.clusters, root: root)
      let rule = rules[visible.rank]
      let priors = item.clusters.map { log($0.probability / item.probability) }
      var (means, weights) = ([[Double]](), [Double]())
      for (a, cluster) in item.clusters.enumerated() {
        for index in rule.weights.indices {
          // log of π_b φ(y - x_b)/φ(y - x_a) at y = x_a + z, of which only differences count.
          let place = zip(rule[index], visible.points[a]).map { $0 + $1 }
          let logarithms = zip(priors, visible.points).map { prior, point in
            zip(place, point).reduce(prior) { $0 - 0.5 * ($1.0 - $1.1) * ($1.0 - $1.1) }
          }
          let largest = logarithms.max() ?? 0
          let shares = logarithms.map { exp($0 - largest) }
          let total = shares.reduce(0, +)
          let weight = cluster.probability * rule.weights[index]
          weights.append(weight)
          means.append(
            (0..<size).map { p in
              zip(shares, item.images).reduce(0) { $0 + $1.0 * $1.1[p] } / total
            })
          // log Σ_b (π_b/Π) exp(u_b·q^½ y - u_b·q u_b/2) = log Σ_b (π_b/Π) φ(y - q^½ u_b)/φ(y).
          entropy += weight * (largest + log(total) + 0.5 * square(rule[index]))
        }
        // The rest of |y|²/2 - |z|²/2 has the mean u_a·q u_a/2.
        let image = item.images[a]
        entropy += 0.5 * cluster.probability * DenseVector.dot(q.times(image)[...], image[...])
      }
      sum = sum + SymmetricMatrix(size: size, moments: means, weights: weights)
    }
    return (alpha * sum, alpha * entropy)
  }

  private func square(_ z: ArraySlice<Double>) -> Double { z.reduce(0) { $0 + $1 * $1 } }
}
