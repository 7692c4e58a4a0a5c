internal import NumericalKit

/// The past of a block of trajectories: the noise of their fields and the kicks so far.
///
/// Kicks of a masked step are known only when all blocks have taken it. They are completed when the
/// next step comes, so that the history is read from memory once per step.
struct KickHistory: Sendable {
  private let trajectories: Trajectories
  private let units: Int
  /// ε: rows of a teacher and then (t, k), one column per pair.
  private let noise: RowBlock
  /// Row (t, k), one column per trajectory.
  private var kicks: RowBlock
  /// The parts of the last step's kicks, until they are completed.
  private var parts: Kicks?

  init(
    _ trajectories: Trajectories, noise: RowBlock, units: Int, steps: Int,
    precision: HistoryPrecision
  ) {
    self.trajectories = trajectories
    self.noise = noise
    self.units = units
    kicks = RowBlock(
      capacity: units * steps, width: trajectories.width, precision: precision.storage)
  }

  // MARK: Fields

  /// h at the time of `plan`, whose noise has the rows `noiseRows`. `[site.sample]`
  func fields(_ plan: StepPlan, noiseRows: [[Double]]) -> Fields {
    var echo = zeros(trajectories.width)
    kicks.combine(plan.memoryRows, into: &echo)
    var smooth = zeros(trajectories.pairs)
    noise.combine(noiseRows, into: &smooth)
    return Fields(trajectories, means: plan.means, smooth: smooth, echo: echo)
  }

  private func zeros(_ width: Int) -> [[Double]] {
    Array(repeating: [Double](repeating: 0, count: width), count: units)
  }

  // MARK: Kicks

  /// Appends the kicks of a full batch.
  mutating func append(all newKicks: Kicks, step: Int) {
    for (k, row) in newKicks.drift.enumerated() { kicks.setRow(step * units + k, to: row) }
  }

  /// Appends the parts of the kicks of a masked step.
  mutating func append(parts newKicks: Kicks) { parts = newKicks }

  /// Completes the kicks of the masked step before `step`, if there is one. `[sampling.orthogonal]`
  mutating func complete(_ completion: [KickCompletion]?, before step: Int) {
    guard let completion, let parts else { return }
    let (pairs, clusterOf) = (trajectories.pairs, trajectories.clusterOf)
    var rows = zeros(trajectories.width)
    kicks.combine(completion.map(\.kicks), into: &rows)
    var odd = zeros(pairs)
    noise.combine(completion.map(\.noise), into: &odd)
    for (k, completion) in completion.enumerated() {
      for j in 0..<pairs {
        let constant = completion.cluster[clusterOf[j]]
        rows[k][j] += constant + odd[k][j]
        rows[k][j + pairs] += constant - odd[k][j]
      }
      for l in 0..<units {
        DenseVector.add(completion.drift[l], parts.drift[l], to: &rows[k])
        DenseVector.add(completion.delta[l], parts.delta[l], to: &rows[k])
      }
    }
    for (k, row) in rows.enumerated() { kicks.setRow((step - 1) * units + k, to: row) }
    self.parts = nil
  }

  // MARK: Products

  /// Adds the products of K vectors, [k][trajectory], with the first `noiseRows` rows of noise, the
  /// kicks before `step` and the indicators of the clusters.
  func addProducts(
    of vectors: [[Double]], noiseRows: Int, before step: Int, to sums: inout ProductSums
  ) {
    let pairs = trajectories.pairs
    let odd = vectors.map { vector in (0..<pairs).map { vector[$0] - vector[$0 + pairs] } }
    noise.addProducts(with: odd, rows: noiseRows, to: &sums.noise)
    kicks.addProducts(with: vectors, rows: step * units, to: &sums.kicks)
    for (k, vector) in vectors.enumerated() { addClusters(of: vector, to: &sums.clusters[k]) }
  }

  /// Adds the products of a vector over the trajectories with the indicators of the clusters.
  private func addClusters(of vector: [Double], to sums: inout [Double]) {
    let (pairs, clusterOf) = (trajectories.pairs, trajectories.clusterOf)
    var clusters = sums.mutableSpan
    for j in 0..<pairs { clusters[clusterOf[j]] += vector[j] + vector[j + pairs] }
  }
}
