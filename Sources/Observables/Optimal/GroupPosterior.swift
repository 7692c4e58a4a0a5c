internal import LearningProblem
internal import NumericalKit

/// What α d labelled samples reveal of the signal where inputs are in groups and label and variance
/// name the cluster of a sample. `[inputs.optimal]`
///
/// Each input is then a Gaussian channel of its own, and nothing has to be iterated.
struct GroupPosterior {
  private let clusters: [Cluster]
  private let groups: InputGroups
  /// What the start of the weights says about v. `[optimal.start]`
  private let information: SymmetricMatrix
  private var size: Int { information.size }

  /// nil if clusters share both label and variance.
  init?(_ clusters: [Cluster], _ groups: InputGroups, information: SymmetricMatrix) {
    let present = clusters.filter { $0.probability > 0 }
    let isKnown = present.indices.allSatisfy { a in
      present[..<a].allSatisfy {
        $0.label != present[a].label || $0.variance != present[a].variance
      }
    }
    guard isKnown else { return nil }
    self.clusters = present
    self.groups = groups
    self.information = information
  }

  /// Σ ρ T/f, by which clusters are told apart who knows v.
  var oracleMetric: SymmetricMatrix {
    sum { group in (group.share / group.variance) * matrix(group.signal) }
  }

  /// Σ ρ q/f, by which clusters are told apart who knows `alpha` d samples.
  func metric(samplesPerWeight alpha: Double) -> SymmetricMatrix {
    sum { group in (group.share / group.variance) * overlap(group, alpha) }
  }

  /// Σ ρ q, the overlap of v with its posterior mean.
  func overlap(samplesPerWeight alpha: Double) -> SymmetricMatrix {
    sum { group in group.share * overlap(group, alpha) }
  }

  /// q = L J (I + J)⁻¹ Lᵀ, J = Lᵀ K L.
  private func overlap(_ group: InputGroups.Group, _ alpha: Double) -> SymmetricMatrix {
    let precision =
      information
      + SymmetricMatrix(
        size: size, moments: clusters.map(\.centre),
        weights: clusters.map { alpha * $0.probability / ($0.variance * group.variance) })
    let columns = (0..<size).map { q in group.root.map { $0[q] } }
    let known = sandwich(precision, columns).applying { max($0, 0) / (1 + max($0, 0)) }
    return sandwich(known, group.root)
  }

  /// x_p·M x_q.
  private func sandwich(_ matrix: SymmetricMatrix, _ rows: [[Double]]) -> SymmetricMatrix {
    SymmetricMatrix(
      size: size,
      entries: rows.flatMap { row in
        let image = matrix.times(row)
        return rows.map { DenseVector.dot($0[...], image[...]) }
      })
  }

  private func matrix(_ rows: [[Double]]) -> SymmetricMatrix {
    SymmetricMatrix(size: size, entries: rows.flatMap { $0 })
  }

  private func sum(_ part: (InputGroups.Group) -> SymmetricMatrix) -> SymmetricMatrix {
    groups.groups.reduce(SymmetricMatrix(size: size, diagonal: 0)) { $0 + part($1) }
  }
}
