internal import LearningProblem
internal import NumericalKit
internal import Observables

/// One sample site for each cluster, which together are one, where clusters differ in shape.
/// `[inputs.clusters]`
///
/// A site of a cluster is an ordinary one, closed or sampled, whose data are that cluster alone; it
/// gets C^a and R^a, in which its fields see the weights. Its answers and averages count π_a.
/// Clusters without samples have none. Cost: that of the ordinary sites.
struct ClusteredSampleSite<Site: SampleSite>: SampleSite {
  private struct Member {
    var site: Site
    var history: ClusterHistory
  }

  private var members: [Member]

  /// - Parameter site: the ordinary site of a cluster, given its dynamics and number.
  init(_ dynamics: Dynamics, site: (Dynamics, Int) -> Site) {
    members = ClusterHistory.present(dynamics).map {
      Member(site: site(dynamics.within(cluster: $0.cluster), $0.cluster), history: $0)
    }
  }

  /// What the sites of the clusters found at one time.
  struct Observed: SampleObservation {
    let training: SampleValues
    fileprivate let parts: [Site.Observed]
  }

  mutating func observe(_ weights: WeightKernels, at t: Int) -> Observed {
    var parts = [Site.Observed]()
    for index in members.indices {
      let own = weights.clusters[members[index].history.cluster]
      let observed = members[index].site.observe(own, at: t)
      if let moments = observed.masked { members[index].history.masked.append(moments) }
      parts.append(observed)
    }
    return Observed(
      training: .mean(zip(members, parts).map { ($0.history.probability, $1.training) }),
      parts: parts)
  }

  mutating func respond(to observed: consuming Observed, _ weights: WeightKernels) -> SampleRow {
    let parts = observed.parts.enumerated().map { index, part in
      let history = members[index].history
      let row = members[index].site.respond(to: part, weights.clusters[history.cluster])
      if let last = row.covariance[0].last { members[index].history.power.append(last) }
      return SampleRow.Part(cluster: history.cluster, row: row.scaled(by: history.probability))
    }
    var row = SampleRow(
      drive: .sum(parts.map(\.row.drive)), covariance: .sum(parts.map(\.row.covariance)),
      response: .sum(parts.map(\.row.response)), parts: parts)
    row.readoutGradient = [[Double]].sum(parts.map { [$0.row.readoutGradient] })[0]
    return row
  }

  mutating func merge(_ merges: [RowMerge]) {
    for index in members.indices { members[index].site.merge(merges) }
  }

  var clusters: [ClusterHistory] { members.map(\.history) }

  var closed: [ClosedSampleSite] { members.flatMap(\.site.closed) }
}

/// One cluster of samples, and what its closed site found at times 0...T: what probes follow.
struct ClusterHistory: Sendable {
  /// Its number.
  let cluster: Int
  /// π.
  let probability: Double
  /// Its moments under a sample mask; else empty.
  var masked: [MaskedMoments] = []
  /// S(t, t) of the first unit, of a data set that is this cluster alone, at times 0..<T.
  var power: [Double] = []

  /// The clusters that have samples.
  static func present(_ dynamics: Dynamics) -> [ClusterHistory] {
    dynamics.data.clusters.enumerated().filter { $1.probability > 0 }.map {
      ClusterHistory(cluster: $0, probability: $1.probability)
    }
  }
}

extension SampleRow {
  /// The answer of a fraction of the samples.
  fileprivate func scaled(by share: Double) -> SampleRow {
    SampleRow(
      drive: share * drive, covariance: share * covariance, response: share * response,
      readoutGradient: readoutGradient.map { share * $0 })
  }
}

extension [[Double]] {
  static func * (factor: Double, rows: [[Double]]) -> [[Double]] {
    rows.map { row in row.map { factor * $0 } }
  }

  /// The sum of rows of one shape.
  static func sum(_ terms: [[[Double]]]) -> [[Double]] {
    terms.dropFirst().reduce(into: terms[0]) { sum, rows in
      for (index, row) in rows.enumerated() { DenseVector.add(1, row, to: &sum[index]) }
    }
  }
}
