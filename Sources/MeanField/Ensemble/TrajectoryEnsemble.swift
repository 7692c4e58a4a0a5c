internal import LearningProblem
internal import NumericalKit
internal import Observables

/// All sampled data points of one batch, in blocks that are dealt to lanes of parallel work.
struct TrajectoryEnsemble: Sendable {
  /// Pairs of a block, so that its history stays in a fast cache: 12 bytes per pair and row.
  private static func blockPairs(rows: Int) -> Int { min(256, max(64, 102_400 / rows / 16 * 16)) }

  private struct Lane: Sendable {
    var blocks: [TrajectoryBlock]
    var sums: EnsembleSums?
  }

  private let dynamics: Dynamics
  private let settings: TheorySettings
  private let parallel: ParallelFor
  private let units: Int
  private let staticRows: Int
  private let trajectories: Int
  private let hasRemainder: Bool
  private let frameRows: Int?
  /// The fraction of the trajectories in each cluster.
  let shares: [Double]
  private var lanes: [Lane]
  private var maskStream: RandomStream

  /// Draws clusters, noise and the rows of a teacher.
  ///
  /// - Parameters:
  ///   - persistence: a persistent mask whose moments are controlled.
  ///   - frameRows: the most rows of a frame; nil if each step keeps its own.
  init(
    _ dynamics: Dynamics, _ settings: TheorySettings, persistence: (any SwitchLaw)?,
    frameRows: Int?,
    batch: Int, parallel: ParallelFor
  ) {
    precondition(
      frameRows == nil || !dynamics.sampleSwitches.isFull,
      "full batches that are sampled have no frame")
    self.frameRows = frameRows
    self.dynamics = dynamics
    self.settings = settings
    self.parallel = parallel
    units = dynamics.hiddenUnits
    staticRows = TeacherRows.signal(dynamics.data.teacher).count
    hasRemainder = persistence != nil
    let pairs = (settings.sampling.trajectories + 1) / 2
    trajectories = 2 * pairs
    let rows = units * ((frameRows ?? dynamics.grid.steps) + 1)
    let seed = settings.sampling.seed
    let clusterOf = ClusterShares.clusters(
      of: pairs, dynamics.data.clusters, seed: seed, batch: batch)
    shares = dynamics.data.clusters.indices.map { a in
      Double(clusterOf.count { $0 == a }) / Double(pairs)
    }
    let width = Self.blockPairs(rows: rows)
    let precision = HistoryPrecision(dynamics)
    let starts = Array(stride(from: 0, to: pairs, by: width))
    let noise = OrthonormalNoise.blocks(
      leading: TeacherRows.rows(dynamics.data.teacher, pairs: pairs, seed: seed, batch: batch),
      rows: frameRows == nil ? rows : units, widths: starts.map { min(width, pairs - $0) },
      precision: frameRows == nil ? precision.storage : .double,
      seed: seed, purpose: .fieldNoise, index: UInt64(batch), parallel: parallel)
    let blocks = zip(starts, noise).enumerated().map { number, block in
      let (start, noise) = block
      let members = Array(clusterOf[start..<start + noise.width])
      let clusters = (members + members).map { dynamics.data.clusters[$0] }
      let trajectories = Trajectories(
        clusterOf: members,
        labels: dynamics.data.teacher.map { TeacherRows.labels($0, noise) }
          ?? clusters.map(\.label),
        fieldScales: clusters.map { $0.variance.squareRoot() })
      let history: any TrajectoryHistory =
        if let frameRows {
          FramedHistory(
            trajectories, start: noise, units: dynamics.hiddenUnits, rows: frameRows,
            stream: RandomStream(
              seed: seed, purpose: .frameNoise, index: UInt64(batch << 24 | number)))
        } else {
          KickHistory(
            trajectories, noise: noise, units: dynamics.hiddenUnits, steps: dynamics.grid.steps,
            precision: precision)
        }
      return TrajectoryBlock(
        dynamics, settings.response, trajectories, history, persistence: persistence,
        chance: RandomStream(
          seed: seed, purpose: .theoryDropout, index: UInt64(batch << 24 | number)))
    }
    lanes = Lanes.deal(blocks).map { Lane(blocks: $0, sums: nil) }
    maskStream = RandomStream(seed: seed, purpose: .theoryMask, index: UInt64(batch))
  }

  private var isMasked: Bool { !dynamics.sampleSwitches.isFull }

  /// Moves every block one step and returns averages over the ensemble, added in a fixed order.
  mutating func advance(_ plan: StepPlan) -> EnsembleSums {
    let t = plan.step
    let noiseRows =
      isMasked && frameRows == nil
      ? staticRows + units * (dynamics.grid.steps + 1) : plan.noiseRows[0].count
    let empty = emptySums(plan, noiseRows: noiseRows)
    let starts = isMasked && !plan.isLast ? maskStarts(step: t) : []
    parallel.update(&lanes) { number, lane in
      var sums = empty
      for index in lane.blocks.indices {
        lane.blocks[index].advance(
          plan, starts: starts.isEmpty ? [] : starts[number][index], noiseRows: noiseRows,
          to: &sums)
      }
      lane.sums = sums
    }
    var total = empty
    for lane in lanes { if let sums = lane.sums { total.add(sums) } }
    total.scale(by: 1 / Double(trajectories))
    return total
  }

  private func emptySums(_ plan: StepPlan, noiseRows: Int) -> EnsembleSums {
    let kickRows = plan.memoryRows[0].count
    var sums = EnsembleSums(
      units: units, clusters: shares.count, noiseRows: noiseRows, kickRows: kickRows,
      tangentColumns: settings.response == .tangent ? kickRows + units : 0,
      readoutCount: dynamics.readout.isLearned ? plan.readout.count : 0)
    if frameRows != nil {
      sums.frame = FrameSums(units: units, noiseRows: noiseRows, kickRows: kickRows)
    }
    if hasRemainder {
      sums.remainder = RemainderSums(
        units: units, clusters: shares.count, noiseRows: plan.noiseRows[0].count,
        kickRows: kickRows)
    }
    return sums
  }

  /// Where each block's members of each group start in the systematic draw of this step:
  /// [lane][block][group]. `[sampling.balanced]`
  private mutating func maskStarts(step: Int) -> [[[Double]]] {
    let mask = dynamics.sampleSwitches
    let groups = 2 * shares.count
    return SystematicDraw.starts(
      members: lanes.map { $0.blocks.map { $0.members(of: groups) } }, groups: groups,
      stream: &maskStream
    ) { mask.probabilityOn(step: step, memory: $0 % 2 == 1) }
  }

  /// The fit of the gradients at the start, where no step before gives one. `[sampling.persistent]`
  func firstFit(_ plan: StepPlan) -> LinearFit {
    var total = FitSums(units: units, clusters: shares.count)
    for lane in lanes {
      for block in lane.blocks { block.addFirstFit(plan, to: &total) }
    }
    return LinearFit(total)
  }
}
