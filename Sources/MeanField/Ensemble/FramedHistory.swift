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
    guard let completion = plan.frame else { return }
    if let parts { append(parts, plan.completion ?? []) }
    parts = nil
    appendNoise(completion.noise)
    for merge in completion.merges {
      noise.merge(merge.noise, rows: noiseCount)
      noiseCount -= merge.noise.loss
      odd.merge(merge.kicks, rows: count)
      even.merge(merge.kicks, rows: count)
      count -= merge.kicks.loss
    }
  }

  /// Appends the kicks of a masked step. `[sampling.orthogonal]`
  private mutating func append(_ parts: Kicks, _ completion: [KickCompletion]) {
    var (oddRows, evenRows) = (zeros(), zeros())
    odd.combine(completion.map { Array($0.kicks[..<count]) }, into: &oddRows)
    even.combine(completion.map { Array($0.kicks[..<count]) }, into: &evenRows)
    noise.combine(completion.map { Array($0.noise[..<noiseCount]) }, into: &oddRows)
    for (k, completion) in completion.enumerated() {
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

  private mutating func appendNoise(_ completion: [NoiseCompletion]) {
    var rows = zeros()
    noise.combine(completion.map { Array($0.noise[..<noiseCount]) }, into: &rows)
    odd.combine(completion.map(\.kicks), into: &rows)
    for (k, completion) in completion.enumerated() {
      for l in 0..<units { DenseVector.add(completion.raw[l], raw[l], to: &rows[k]) }
      noise.setRow(noiseCount + k, to: rows[k])
    }
    noiseCount += units
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
    var odd = sums.kicks  // which only has the right size
    addProducts(
      of: PairParts(vectors, pairs: trajectories.pairs), noiseRows: noiseRows, to: &sums, odd: &odd)
  }

  /// Adds products, and those of the odd parts of vectors and kicks alone.
  private func addProducts(
    of parts: PairParts, noiseRows: Int, to sums: inout ProductSums, odd oddSums: inout [[Double]]
  ) {
    noise.addProducts(with: parts.differences, rows: noiseRows, to: &sums.noise)
    var products = oddSums.map { [Double](repeating: 0, count: $0.count) }
    odd.addProducts(with: parts.differences, rows: count, to: &products)
    even.addProducts(with: parts.totals, rows: count, to: &sums.kicks)
    for (k, totals) in parts.totals.enumerated() {
      DenseVector.add(1, products[k], to: &oddSums[k])
      DenseVector.add(1, products[k], to: &sums.kicks[k])
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
    addProducts(of: drift, noiseRows: noiseRows, to: &sums.drift, odd: &frame.driftOnKicks)
    if !kicks.delta.isEmpty {
      addProducts(of: delta, noiseRows: noiseRows, to: &sums.delta, odd: &frame.deltaOnKicks)
    }
    raw = (0..<units).map { _ in (0..<pairs).map { _ in stream.normal() } }
    let both = raw.map { row in row.map { 2 * $0 } }  // over the two members of a pair
    noise.addProducts(with: both, rows: noiseRows, to: &frame.onNoise)
    odd.addProducts(with: both, rows: count, to: &frame.onKicks)
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
