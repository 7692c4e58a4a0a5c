internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Averages over sampled data points, for any network, loss and sample mask.
///
/// One batch of N trajectories with exact cluster shares `[sampling.shares]`, antithetic
/// orthonormal noise `[sampling.noise]` behind the rows of a teacher `[sampling.teacher]`, fields
/// by a growing Cholesky factor of their covariance `[sampling.field]`, χ by Stein's formula
/// `[sampling.stein]` or by tangents `[response.tangent]`, and the mean over the current sample
/// mask with orthogonalised mask noise `[sampling.conditional]`. Cost O(N K² t) per step; the
/// history is read from memory once per step.
struct EnsembleSampleSite: SampleSite {
  /// Pairs of a block, so that its history stays in a fast cache: 12 bytes per pair and row.
  private static func blockPairs(rows: Int) -> Int { min(256, max(64, 102_400 / rows / 16 * 16)) }

  private struct Lane: Sendable {
    var blocks: [TrajectoryBlock]
    var sums: EnsembleSums?
  }

  private let problem: Problem
  private let parallel: ParallelFor
  private let units: Int
  private let signal: [Double]  // ν over the rows of a teacher
  private let field: FieldCovariance
  private let trajectories: Int
  private let shares: [Double]
  private let fieldScales: [Double]  // √Δ of each cluster
  private var lanes: [Lane]
  private var drive: GaussianDrive
  private var kicks: KickOrthogonaliser?
  private var control: PersistentControl?
  private var completion: [KickCompletion]?
  private var maskStream: RandomStream
  private var plan: StepPlan?
  private var sums: EnsembleSums?

  /// Refuses what cannot be sampled.
  static func checkSupport(_ problem: Problem) throws {
    let rows = problem.hiddenUnits * (problem.grid.steps + 1)
    let known = problem.data.clusters.count + TeacherRows.signal(problem.data.teacher).count
    let least = (problem.sampleMask.isFull ? 2 : 3) * (rows + known)
    guard problem.theory.trajectories > least else {
      throw SolverError.unsupported(
        what:
          "theory.trajectories: \(problem.theory.trajectories) with \(problem.grid.steps) steps "
          + "and \(problem.hiddenUnits) hidden unit(s)",
        instead: "more than \(least) trajectories, preferably \(20 * rows) or more")
    }
    guard problem.theory.response == .stein || !problem.objective.gradientJumps else {
      throw SolverError.unsupported(
        what:
          "theory.response: tangent where the gradient jumps (update lazy, activation relu, loss "
          + "hinge)",
        instead: "stein")
    }
    let tangentBytes = 8.0 * Double(rows * rows) / 2 * Double(problem.theory.trajectories)
    guard problem.theory.response == .stein || tangentBytes < 4e9 else {
      throw SolverError.unsupported(
        what: "theory.response: tangent for \(Int(tangentBytes / 1e9)) GB of tangents",
        instead: "stein, fewer steps or fewer trajectories")
    }
  }

  init(_ problem: Problem, batch: Int, parallel: ParallelFor) {
    self.problem = problem
    self.parallel = parallel
    units = problem.hiddenUnits
    signal = TeacherRows.signal(problem.data.teacher)
    field = FieldCovariance(problem)
    let pairs = (problem.theory.trajectories + 1) / 2
    trajectories = 2 * pairs
    fieldScales = problem.data.clusters.map { $0.variance.squareRoot() }
    let rows = units * (problem.grid.steps + 1)
    let seed = problem.theory.seed

    let clusterOf = ClusterShares.clusters(
      of: pairs, problem.data.clusters, seed: seed, batch: batch)
    shares = problem.data.clusters.indices.map { a in
      Double(clusterOf.count { $0 == a }) / Double(pairs)
    }
    let width = Self.blockPairs(rows: rows)
    // Full batches, nearly frozen masks and small steps have hardly any noise but the fields', and
    // gradients of several units may depend on each other (those of a softmax sum to 0): there
    // rounding is amplified from step to step. `[sampling.orthogonal]`
    let b = problem.sampleMask.density
    let r = problem.sampleMask.correlation ?? 0
    let eta = problem.update.isLinear ? problem.grid.rate(at: 0) : 1  // others move by other sizes
    let precision: RowBlock.Precision =
      units == 1 && b * (1 - b) * (1 - r * r) * min(1, 10 * eta * eta) > 1e-3 ? .single : .double
    let starts = Array(stride(from: 0, to: pairs, by: width))
    let noise = OrthonormalNoise.blocks(
      leading: TeacherRows.rows(problem.data.teacher, pairs: pairs, seed: seed, batch: batch),
      rows: rows, widths: starts.map { min(width, pairs - $0) }, precision: precision, seed: seed,
      purpose: .fieldNoise, index: UInt64(batch), parallel: parallel)
    let persistence = PersistentControl.correlation(problem)
    let blocks = zip(starts, noise).enumerated().map { number, block in
      let (start, noise) = block
      let members = Array(clusterOf[start..<start + noise.width])
      return TrajectoryBlock(
        problem, clusterOf: members,
        labels: problem.data.teacher.map { TeacherRows.labels($0, noise) }
          ?? (members + members).map { problem.data.clusters[$0].label },
        noise: noise, precision: precision, persistence: persistence,
        chance: RandomStream(
          seed: seed, purpose: .theoryDropout, index: UInt64(batch << 24 | number)))
    }
    lanes = Lanes.deal(blocks).map { Lane(blocks: $0, sums: nil) }
    drive = GaussianDrive(rows: rows)
    maskStream = RandomStream(seed: seed, purpose: .theoryMask, index: UInt64(batch))
    if !problem.sampleMask.isFull {
      kicks = KickOrthogonaliser(
        units: units, staticRows: staticRows + rows + shares.count,
        kicks: units * problem.grid.steps)
    }
    control = persistence.map {
      PersistentControl(
        KickTables(
          units: units, steps: problem.grid.steps, shares: shares, density: b, correlation: $0,
          fieldScale: fieldScales[0]))
    }
  }

  // MARK: Advancing

  mutating func observe(_ weights: WeightKernels, at t: Int) -> TrainingObservation {
    for k in 0..<units {
      let row = weights.fieldRow(t * units + k, field)
      drive.append(row.before[...], variance: row.variance, rounding: row.rounding)
    }
    func noiseRows(_ rows: [[Double]]) -> [[Double]] {
      rows.enumerated().map { k, row in
        signal.map { $0 * weights.magnetisation[t][k][0] } + row
          + [Double](repeating: 0, count: units - 1 - k)
      }
    }
    let excess = weights.covariance(at: t).map { field.dropped * $0 }
    var plan = StepPlan(
      step: t, isLast: t == problem.grid.steps, staticRows: staticRows,
      noiseRows: noiseRows((0..<units).map { drive.row(t * units + $0) }),
      wholeRows: field.dropped > 0 ? noiseRows(drive.lastRows(less: excess)) : nil,
      memoryRows: (0..<units).map {
        Array(weights.response.row(t * units + $0, width: t * units))
      },
      means: weights.magnetisation[t].map { overlaps in
        problem.data.clusters.map { $0.mean(overlaps[...]) }
      },
      readout: weights.readout(at: t), completion: completion, fit: nil)
    completion = nil
    if control != nil {
      if t == 0 {
        let fit = firstFit(plan)
        control?.fit = fit
      }
      plan.fit = control?.fit
    }
    self.plan = plan
    let total = advance(plan)
    sums = total
    return TrainingObservation(
      loss: total.loss, error: total.error, activity: total.activity,
      curvature: problem.samplesPerWeight * total.sharpness / Double(units))
  }

  private var staticRows: Int { signal.count }

  /// The fit of the gradients at the start, where no step before gives one. `[sampling.persistent]`
  private mutating func firstFit(_ plan: StepPlan) -> LinearFit {
    var total = FitSums(units: units, clusters: shares.count)
    for lane in lanes {
      for var block in lane.blocks {
        var unused = EnsembleSums(
          units: units, clusters: shares.count, noiseRows: 0, kickRows: 0, tangentColumns: 0,
          readoutCount: 0)
        block.advanceFields(plan)
        block.evaluate(
          problem.objective, sigma: problem.gradientStrength, plan, sums: &unused)
        block.addFit(to: &total)
      }
    }
    return LinearFit(total)
  }

  /// Moves every block one step and returns averages over the ensemble, added in a fixed order.
  private mutating func advance(_ plan: StepPlan) -> EnsembleSums {
    let t = plan.step
    let masked = !problem.sampleMask.isFull
    let noiseRows = staticRows + units * ((masked ? problem.grid.steps : t) + 1)
    var empty = EnsembleSums(
      units: units, clusters: shares.count, noiseRows: noiseRows, kickRows: units * t,
      tangentColumns: problem.theory.response == .tangent ? units * (t + 1) : 0,
      readoutCount: problem.network.readout.isLearned ? plan.readout.count : 0)
    if control != nil {
      empty.remainder = RemainderSums(
        units: units, clusters: shares.count, noiseRows: staticRows + units * (t + 1),
        kickRows: units * t)
    }
    let positions = masked && !plan.isLast ? maskPositions(step: t) : []
    let objective = problem.objective
    let (mask, sigma) = (problem.sampleMask, problem.gradientStrength)
    parallel.update(&lanes) { [empty] number, lane in
      var sums = empty
      for index in lane.blocks.indices {
        lane.blocks[index].advanceFields(plan)
        lane.blocks[index].evaluate(objective, sigma: sigma, plan, sums: &sums)
        guard !plan.isLast else { continue }
        lane.blocks[index].dropOut(objective, sigma: sigma, plan)
        if masked {
          lane.blocks[index].drawMask(mask, step: t, positions: positions[number][index])
        } else {
          lane.blocks[index].kickFully(step: t)
        }
        lane.blocks[index].addSums(
          plan, isMasked: masked, noiseRows: noiseRows, to: &sums)
        lane.blocks[index].addTangents(plan, to: &sums)
      }
      lane.sums = sums
    }
    var total = empty
    for lane in lanes { if let sums = lane.sums { total.add(sums) } }
    total.scale(by: 1 / Double(trajectories))
    return total
  }

  /// Where each block's members of each group start in the systematic draw of this step:
  /// [lane][block][group]. `[sampling.balanced]`
  private mutating func maskPositions(step: Int) -> [[[Double]]] {
    let mask = problem.sampleMask
    return SystematicDraw.starts(
      members: lanes.map { $0.blocks.map(\.groups) }, groups: 2 * shares.count, stream: &maskStream
    ) { mask.probabilityOn(step: step, memory: $0 % 2 == 1) }
  }

  // MARK: Responding

  mutating func respond(_ weights: WeightKernels, at t: Int) -> SampleRow {
    guard let sums, let plan else { preconditionFailure("respond before observe") }
    let alpha = problem.samplesPerWeight
    let n = units * (t + 1)
    var targets = KickTargets(drifts: sums)
    if let remainder = sums.remainder, let controlled = control?.targets(remainder, sums, plan) {
      targets = controlled
    }
    if kicks != nil { completion = completeKicks(sums, &targets) }
    control?.append(targets)

    var row = SampleRow(drive: [], covariance: [], response: [])
    for k in 0..<units {
      row.drive.append(
        (0..<problem.signalDirections).map { p in
          // α E[B g_k], or α E[ν g_k], unscaled.
          var drive = DenseVector.dot(signal, Array(targets.products.noise[k][..<staticRows]))
          for (a, cluster) in problem.data.clusters.enumerated() {
            drive += cluster.centre[p] * targets.products.clusters[k][a] / fieldScales[a]
          }
          return alpha * drive
        })
      row.covariance.append(
        (targets.products.kicks[k] + targets.square[k * units..<(k + 1) * units])
          .map { alpha * $0 })
      let response =
        problem.theory.response == .tangent
        ? sums.tangent[k]
        : drive.response(
          products: targets.products.noise[k][staticRows..<staticRows + n],
          instantaneous: Array(sums.curvature[k * units..<(k + 1) * units]))
      row.response.append(response.map { alpha * $0 })
    }
    row.readoutGradient = sums.readout
    if problem.data.teacher != nil { row.separateSignal(weights, at: t) }
    row.dropInputs(field.dropped)
    return row
  }

  /// Coefficients of this step's kicks; the target squares become those that the kicks have.
  /// `[sampling.orthogonal]` `[sampling.persistent]`
  private mutating func completeKicks(
    _ sums: EnsembleSums, _ targets: inout KickTargets
  ) -> [KickCompletion]? {
    // Cluster indicators, normalised, stand behind the noise rows.
    let norms = shares.map { max($0, .leastNormalMagnitude).squareRoot() }
    let rows = sums.drift.noise[0].count
    func projections(_ products: ProductSums) -> [KickOrthogonaliser.Projection] {
      (0..<units).map { k in
        let noise = products.noise[k]
        let future = [Double](repeating: 0, count: rows - noise.count)
        return KickOrthogonaliser.Projection(
          onStatic: noise + future + zip(products.clusters[k], norms).map { $0 / $1 },
          onKicks: products.kicks[k])
      }
    }
    let (drift, delta) = (projections(sums.drift), projections(sums.delta))
    let target = projections(targets.products)
    guard
      let complete = kicks?.complete(
        drift: drift, delta: delta, sums: sums, target: target, square: targets.square)
    else { return nil }
    targets.square = complete.square
    return complete.kicks.map { unit in
      KickCompletion(
        drift: unit.drift, delta: unit.delta, noise: Array(unit.onStatic[0..<rows]),
        kicks: unit.onKicks, cluster: zip(unit.onStatic[rows...], norms).map { $0 / $1 })
    }
  }
}
