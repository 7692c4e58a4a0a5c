internal import NumericalKit

/// The past of a block of trajectories, a row for each step; the noise of all steps is there from
/// the start.
struct KickHistory: TrajectoryHistory {
  private let trajectories: Trajectories
  private let units: Int
  /// ε: rows of a teacher and then (t, k), one column per pair.
  private let noise: RowBlock
  /// Row (t, k), one column per trajectory.
  private var kicks: RowBlock
  /// Rows of kicks so far.
  private var count = 0
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

  mutating func advance(_ plan: StepPlan) -> Fields {
    complete(plan)
    return fields(plan, noiseRows: plan.wholeRows ?? plan.noiseRows)
  }

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

  private mutating func append(_ rows: [[Double]]) {
    for (k, row) in rows.enumerated() { kicks.setRow(count + k, to: row) }
    count += units
  }

  private mutating func complete(_ plan: StepPlan) {
    guard let completion = plan.completion, let parts else { return }
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
    append(rows)
    self.parts = nil
  }

  // MARK: Products

  mutating func learn(_ kicks: Kicks, noiseRows: Int, to sums: inout EnsembleSums) {
    addProducts(of: kicks.drift, noiseRows: noiseRows, to: &sums.drift)
    guard !kicks.delta.isEmpty else { return append(kicks.drift) }
    addProducts(of: kicks.delta, noiseRows: noiseRows, to: &sums.delta)
    parts = kicks
  }

  func addProducts(
    of first: [[Double]], _ second: [[Double]], noiseRows: Int, to sums: inout ProductSums,
    _ others: inout ProductSums
  ) {
    addProducts(of: first, noiseRows: noiseRows, to: &sums)
    addProducts(of: second, noiseRows: noiseRows, to: &others)
  }

  private func addProducts(of vectors: [[Double]], noiseRows: Int, to sums: inout ProductSums) {
    let pairs = trajectories.pairs
    let odd = vectors.map { vector in (0..<pairs).map { vector[$0] - vector[$0 + pairs] } }
    noise.addProducts(with: odd, rows: noiseRows, to: &sums.noise)
    kicks.addProducts(with: vectors, rows: count, to: &sums.kicks)
    for (k, vector) in vectors.enumerated() { addClusters(of: vector, to: &sums.clusters[k]) }
  }

  /// Adds the products of a vector over the trajectories with the indicators of the clusters.
  private func addClusters(of vector: [Double], to sums: inout [Double]) {
    let (pairs, clusterOf) = (trajectories.pairs, trajectories.clusterOf)
    var clusters = sums.mutableSpan
    for j in 0..<pairs { clusters[clusterOf[j]] += vector[j] + vector[j + pairs] }
  }
}
