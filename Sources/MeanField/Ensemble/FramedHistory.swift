internal import NumericalKit

/// The past of a block of trajectories in the rows of a frame. `[frame.rows]`
///
/// Noise comes step by step, orthonormal to all that is there. Kicks are kept as their odd and even
/// parts over the two members of a pair, as the noise is odd. `[frame.noise]` All are Doubles: rows
/// are turned again and again, and the rounding of Floats would add up.
struct FramedHistory: TrajectoryHistory {
  private let trajectories: Trajectories
  private let units: Int
  /// ε: rows of a teacher and then (r, k), one column per pair.
  private var noise: RowBlock
  private var noiseCount: Int
  /// Parts of the kicks, row (r, k), one column per pair.
  private var odd: RowBlock
  private var even: RowBlock
  private var count = 0
  /// The parts of the last step's kicks, until they are completed.
  private var parts: Kicks?
  /// Independent normal numbers from which the next noise is made, [k][pair].
  private var raw: [[Double]] = []
  private var stream: RandomStream

  /// - Parameters:
  ///   - start: the noise of the start, rows of a teacher in front.
  ///   - rows: the most rows of the frame.
  ///   - stream: of the noise of all later steps.
  init(
    _ trajectories: Trajectories, start: RowBlock, units: Int, rows: Int,
    stream: RandomStream
  ) {
    self.trajectories = trajectories
    self.units = units
    self.stream = stream
    noiseCount = start.capacity
    noise = RowBlock(
      capacity: start.capacity + units * rows, width: trajectories.pairs)
    for row in 0..<start.capacity { noise.setRow(row, to: start.row(row)) }
    odd = RowBlock(capacity: units * rows, width: trajectories.pairs)
    even = odd
  }

  private func zeros() -> [[Double]] {
    Array(repeating: [Double](repeating: 0, count: trajectories.pairs), count: units)
  }

  // MARK: Fields

  func fields(_ plan: StepPlan, noiseRows: [[Double]]) -> Fields {
    var smooth = zeros()
    noise.combine(noiseRows, into: &smooth)
    var odd = zeros()
    self.odd.combine(plan.memoryRows, into: &odd)
    var even = zeros()
    self.even.combine(plan.memoryRows, into: &even)
    var echo = [[Double]]()
    for k in 0..<units {
      var row = zip(even[k], odd[k]).map(+)
      row += zip(even[k], odd[k]).map(-)
      echo.append(row)
    }
    return Fields(trajectories, means: plan.means, smooth: smooth, echo: echo)
  }

  // MARK: Rows

  mutating func complete(_ plan: StepPlan) {
    guard let frame = plan.frame else { return }
    append(plan.completion ?? [], frame.noise)
    guard let merge = frame.merge else { return }
    noise.merge(merge.noise, rows: noiseCount)
    noiseCount -= merge.noise.loss
    for merge in merge.kicks {
      odd.merge(merge, rows: count)
      even.merge(merge, rows: count)
      count -= merge.loss
    }
  }

  /// Appends the kicks of a step with a mask `[sampling.orthogonal]` and the noise of the next one
  /// `[frame.noise]`. Rows are read once for both.
  private mutating func append(_ kicks: [KickCompletion], _ fresh: [NoiseCompletion]) {
    let kicks = parts == nil ? [] : kicks  // those of a full batch are there
    let weights = kicks.map(\.kicks) + fresh.map { Array($0.kicks[..<count]) }
    let noiseWeights = kicks.map(\.noise) + fresh.map(\.noise)
    var rows = weights.map { _ in [Double](repeating: 0, count: trajectories.pairs) }
    odd.combine(weights, into: &rows)
    noise.combine(noiseWeights.map { Array($0[..<noiseCount]) }, into: &rows)
    let earlier = count
    if let parts { append(kicks, parts, odd: Array(rows[..<units])) }
    parts = nil
    for (k, completion) in fresh.enumerated() {
      var row = rows[kicks.count + k]
      for l in 0..<units { DenseVector.add(completion.raw[l], raw[l], to: &row) }
      for index in earlier..<count {
        DenseVector.add(completion.kicks[index], odd.row(index), to: &row)
      }
      noise.setRow(noiseCount + k, to: row)
    }
    noiseCount += units
  }

  /// Appends kicks, of whose odd parts it is known what earlier rows give them.
  private mutating func append(_ kicks: [KickCompletion], _ parts: Kicks, odd: [[Double]]) {
    var (oddRows, evenRows) = (odd, zeros())
    even.combine(kicks.map(\.kicks), into: &evenRows)
    for (k, completion) in kicks.enumerated() {
      for (j, cluster) in trajectories.clusterOf.enumerated() {
        evenRows[k][j] += completion.cluster[cluster]
      }
      for l in 0..<units {
        add(completion.drift[l], parts.drift[l], to: &oddRows[k], &evenRows[k])
        add(completion.delta[l], parts.delta[l], to: &oddRows[k], &evenRows[k])
      }
    }
    append(oddRows, evenRows)
  }

  private mutating func append(_ oddRows: [[Double]], _ evenRows: [[Double]]) {
    for k in 0..<units {
      odd.setRow(count + k, to: oddRows[k])
      even.setRow(count + k, to: evenRows[k])
    }
    count += units
  }

  /// Adds the parts of a vector over the trajectories.
  private func add(
    _ factor: Double, _ vector: [Double], to odd: inout [Double], _ even: inout [Double]
  ) {
    let pairs = trajectories.pairs
    for j in 0..<pairs {
      odd[j] += 0.5 * factor * (vector[j] - vector[j + pairs])
      even[j] += 0.5 * factor * (vector[j] + vector[j + pairs])
    }
  }

  // MARK: Products

  /// Vectors over the trajectories as differences and sums over the members of each pair: twice
  /// their odd and even parts.
  private struct PairParts {
    let differences: [[Double]]
    let totals: [[Double]]

    init(_ vectors: [[Double]], pairs: Int) {
      differences = vectors.map { row in (0..<pairs).map { row[$0] - row[$0 + pairs] } }
      totals = vectors.map { row in (0..<pairs).map { row[$0] + row[$0 + pairs] } }
    }
  }

  func addProducts(of vectors: [[Double]], noiseRows: Int, to sums: inout ProductSums) {
    let parts = PairParts(vectors, pairs: trajectories.pairs)
    let products = Products(self, of: parts.differences, parts.totals, noiseRows: noiseRows)
    products.add(0..<units, to: &sums)
    addClusters(parts.totals, to: &sums)
  }

  /// Products of vectors with all rows, which are read once for all vectors.
  private struct Products {
    let onNoise: [[Double]]
    let onOdd: [[Double]]
    let onEven: [[Double]]

    /// - Parameters:
    ///   - differences, totals: over the members of each pair; there may be more differences.
    init(
      _ history: FramedHistory, of differences: [[Double]], _ totals: [[Double]], noiseRows: Int
    ) {
      func products(_ block: RowBlock, _ vectors: [[Double]], rows: Int) -> [[Double]] {
        var sums = vectors.map { _ in [Double](repeating: 0, count: rows) }
        block.addProducts(with: vectors, rows: rows, to: &sums)
        return sums
      }
      onNoise = products(history.noise, differences, rows: noiseRows)
      onOdd = products(history.odd, differences, rows: history.count)
      onEven = products(history.even, totals, rows: history.count)
    }

    /// Adds the products of some vectors.
    func add(_ vectors: Range<Int>, to sums: inout ProductSums) {
      for (k, index) in vectors.enumerated() {
        DenseVector.add(1, onNoise[index], to: &sums.noise[k])
        DenseVector.add(1, onOdd[index], to: &sums.kicks[k])
        DenseVector.add(1, onEven[index], to: &sums.kicks[k])
      }
    }
  }

  private func addClusters(_ totals: [[Double]], to sums: inout ProductSums) {
    for (k, totals) in totals.enumerated() {
      for (j, cluster) in trajectories.clusterOf.enumerated() {
        sums.clusters[k][cluster] += totals[j]
      }
    }
  }

  mutating func learn(_ kicks: Kicks, noiseRows: Int, to sums: inout EnsembleSums) {
    guard var frame = sums.frame.take() else { return }
    let pairs = trajectories.pairs
    let drift = PairParts(kicks.drift, pairs: pairs)
    let delta = PairParts(kicks.delta, pairs: pairs)  // none in a full batch
    raw = (0..<units).map { _ in (0..<pairs).map { _ in stream.normal() } }
    let both = raw.map { row in row.map { 2 * $0 } }  // over the two members of a pair
    let products = Products(
      self, of: drift.differences + delta.differences + both, drift.totals + delta.totals,
      noiseRows: noiseRows)
    products.add(0..<units, to: &sums.drift)
    addClusters(drift.totals, to: &sums.drift)
    if !kicks.delta.isEmpty {
      products.add(units..<2 * units, to: &sums.delta)
      addClusters(delta.totals, to: &sums.delta)
    }
    frame.add(products.onNoise, products.onOdd)
    addSquares(drift.differences, delta.differences, to: &frame)
    sums.frame = frame
    if kicks.delta.isEmpty {
      func half(_ rows: [[Double]]) -> [[Double]] { rows.map { row in row.map { 0.5 * $0 } } }
      append(half(drift.differences), half(drift.totals))
    } else {
      parts = kicks
    }
  }

  /// Adds products of the raw noise and of odd parts with each other, over both members of a pair.
  private func addSquares(
    _ drift: [[Double]], _ delta: [[Double]], to frame: inout FrameSums
  ) {
    for k in 0..<units {
      for l in 0..<units {
        frame.square[k][l] += 2 * DenseVector.dot(raw[k], raw[l])
        frame.onDrift[k][l] += DenseVector.dot(raw[k], drift[l])
        frame.driftDrift[k][l] += 0.5 * DenseVector.dot(drift[k], drift[l])
        guard !delta.isEmpty else { continue }
        frame.onDelta[k][l] += DenseVector.dot(raw[k], delta[l])
        frame.deltaDrift[k][l] += 0.5 * DenseVector.dot(delta[k], drift[l])
        frame.deltaDelta[k][l] += 0.5 * DenseVector.dot(delta[k], delta[l])
      }
    }
  }
}
