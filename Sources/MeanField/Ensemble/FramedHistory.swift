internal import NumericalKit

/// The past of a block of trajectories in the rows of a frame. `[frame.rows]`
///
/// Noise comes step by step, orthonormal to all that is there. Kicks are kept as their odd and even
/// parts over the two members of a pair, as the noise is odd. `[frame.noise]` All are Doubles: rows
/// are turned again and again, and the rounding of Floats would add up. There is always a mask:
/// full batches that are sampled have no frame.
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
  /// What the last step's kicks and the next noise are made of, until they are completed.
  private var parts: PairParts?
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

  private func rows(_ count: Int) -> [[Double]] {
    Array(repeating: [Double](repeating: 0, count: trajectories.pairs), count: count)
  }

  private func zeros(_ count: Int) -> Vectors { Vectors(count: count, length: trajectories.pairs) }

  // MARK: Fields

  func fields(_ plan: StepPlan, noiseRows: [[Double]]) -> Fields {
    var odd = rows(units)
    noise.combine(noiseRows, into: &odd)
    self.odd.combine(plan.memoryRows, into: &odd)
    var even = rows(units)
    self.even.combine(plan.memoryRows, into: &even)
    return fields(plan, odd: odd, even: even)
  }

  /// The fields of the next time. Rows are read once for these and for its kicks and noise, before
  /// they are merged.
  mutating func advance(_ plan: StepPlan) -> Fields {
    guard let frame = plan.frame, let parts = parts.take(), let rows = plan.rowsBeforeMerge else {
      return fields(plan, noiseRows: plan.wholeRows ?? plan.noiseRows)
    }
    let kicks = plan.completion ?? []
    let earlier = count
    var odd = zeros(3 * units)
    self.odd.combine(
      Vectors(kicks.map(\.kicks) + frame.noise.map(\.kicks) + rows.memory, length: earlier),
      into: &odd)
    noise.combine(
      Vectors(kicks.map(\.noise) + frame.noise.map(\.noise) + rows.noise, length: noiseCount),
      into: &odd)
    var even = zeros(2 * units)
    self.even.combine(Vectors(kicks.map(\.kicks) + rows.memory, length: earlier), into: &even)

    append(kicks, parts, odd, even)
    append(frame.noise, parts, odd, first: units, earlier: earlier)
    var (oddFields, evenFields) = ([[Double]](), [[Double]]())
    for k in 0..<units {
      var (oddRow, evenRow) = (Array(odd[2 * units + k]), Array(even[units + k]))
      let new = rows.memory[k][earlier...]
      self.odd.combine(new, from: earlier, into: &oddRow)
      self.even.combine(new, from: earlier, into: &evenRow)
      noise.combine(rows.noise[k][(noiseCount - units)...], from: noiseCount - units, into: &oddRow)
      oddFields.append(oddRow)
      evenFields.append(evenRow)
    }
    merge(frame)
    return fields(plan, odd: oddFields, even: evenFields)
  }

  /// The fields of odd and even parts, [k][pair].
  private func fields(_ plan: StepPlan, odd: [[Double]], even: [[Double]]) -> Fields {
    Fields(trajectories, means: plan.means, smooth: odd, echo: even.map { $0 + $0 })
  }

  // MARK: Rows

  /// Appends kicks, of whose odd and even parts it is known what earlier rows give them.
  /// `[sampling.orthogonal]`
  private mutating func append(
    _ kicks: [KickCompletion], _ parts: PairParts, _ odd: Vectors, _ even: Vectors
  ) {
    for (k, completion) in kicks.enumerated() {
      var (oddRow, evenRow) = (Array(odd[k]), Array(even[k]))
      var entries = evenRow.mutableSpan
      for (j, cluster) in trajectories.clusterOf.enumerated() {
        entries[j] += completion.cluster[cluster]
      }
      for l in 0..<units {
        for (weight, vector) in [(completion.drift[l], l), (completion.delta[l], units + l)] {
          DenseVector.add(0.5 * weight, parts.differences[vector], to: &oddRow)
          DenseVector.add(0.5 * weight, parts.totals[vector], to: &evenRow)
        }
      }
      self.odd.setRow(count + k, to: oddRow)
      self.even.setRow(count + k, to: evenRow)
    }
    count += kicks.count
  }

  /// Appends noise, of which it is known what `earlier` rows of kicks and all noise give it, in the
  /// rows from `first` on. `[frame.noise]`
  private mutating func append(
    _ fresh: [NoiseCompletion], _ parts: PairParts, _ rows: Vectors, first: Int, earlier: Int
  ) {
    for (k, completion) in fresh.enumerated() {
      var row = Array(rows[first + k])
      for l in 0..<units { DenseVector.add(0.5 * completion.raw[l], parts.raw(l), to: &row) }
      odd.combine(completion.kicks[earlier...], from: earlier, into: &row)
      noise.setRow(noiseCount + k, to: row)
    }
    noiseCount += units
  }

  private mutating func merge(_ frame: FrameStep) {
    guard let merge = frame.merge else { return }
    noise.merge(merge.noise, rows: noiseCount)
    noiseCount -= merge.noise.loss
    for merge in merge.kicks {
      odd.merge(merge, rows: count)
      even.merge(merge, rows: count)
      count -= merge.loss
    }
  }

  // MARK: Products

  func addProducts(
    of first: [[Double]], _ second: [[Double]], noiseRows: Int, to sums: inout ProductSums,
    _ others: inout ProductSums
  ) {
    let parts = PairParts([first, second], pairs: trajectories.pairs)
    let products = Products(self, of: parts, noiseRows: noiseRows)
    products.add(0, of: trajectories.clusterOf, to: &sums)
    products.add(1, of: trajectories.clusterOf, to: &others)
  }

  mutating func learn(_ kicks: Kicks, noiseRows: Int, to sums: inout EnsembleSums) {
    guard var frame = sums.frame.take() else { return }
    let parts = PairParts(
      [kicks.drift, kicks.delta], pairs: trajectories.pairs, noise: &stream)
    let products = Products(self, of: parts, noiseRows: noiseRows)
    products.add(0, of: trajectories.clusterOf, to: &sums.drift)
    products.add(1, of: trajectories.clusterOf, to: &sums.delta)
    frame.add(products.onNoise, products.onOdd)
    frame.addSquares(parts)
    sums.frame = frame
    self.parts = parts
  }

  /// Products of vectors with all rows, which are read once for all vectors.
  private struct Products {
    private let parts: PairParts
    private(set) var onNoise: Vectors
    private(set) var onOdd: Vectors
    private var onEven: Vectors

    init(_ history: FramedHistory, of parts: PairParts, noiseRows: Int) {
      self.parts = parts
      let (differences, totals) = (parts.differences, parts.totals)
      onNoise = Vectors(count: differences.count, length: noiseRows)
      onOdd = Vectors(count: differences.count, length: history.count)
      onEven = Vectors(count: totals.count, length: history.count)
      history.noise.addProducts(with: differences, to: &onNoise)
      history.odd.addProducts(with: differences, to: &onOdd)
      history.even.addProducts(with: totals, to: &onEven)
    }

    /// Adds the products of a group of vectors, those with the indicators of the clusters included.
    func add(_ group: Int, of clusterOf: [Int], to sums: inout ProductSums) {
      for k in sums.noise.indices {
        let vector = group * sums.noise.count + k
        DenseVector.add(onNoise[vector], to: &sums.noise[k])
        DenseVector.add(onOdd[vector], to: &sums.kicks[k])
        DenseVector.add(onEven[vector], to: &sums.kicks[k])
        let totals = parts.totals.values.span.extracting(
          vector * clusterOf.count..<(vector + 1) * clusterOf.count)
        var clusters = sums.clusters[k].mutableSpan
        for j in clusterOf.indices { clusters[clusterOf[j]] += totals[j] }
      }
    }
  }
}
