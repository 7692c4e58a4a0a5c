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
  private let dynamics: Dynamics
  private let settings: TheorySettings
  private let units: Int
  private let signal: [Double]  // ν over the rows of a teacher
  private let noiseRows: Int  // of a teacher and the fields, at most
  private let field: FieldCovariance
  private let fieldScales: [Double]  // √Δ of each cluster
  private var ensemble: TrajectoryEnsemble
  private var drive: GaussianDrive
  private var completer: KickCompleter?  // nil for full batches
  private var control: PersistentControl?
  private var completion: [KickCompletion]?  // of the kicks of the last step
  private var noiseCompleter: NoiseCompleter?  // in a frame
  private var frameStep: FrameStep?  // after the last step, in a frame

  /// - Parameter frameRows: the most rows of a frame; nil if each step keeps its own.
  init(
    _ dynamics: Dynamics, _ settings: TheorySettings, frameRows: Int?, batch: Int,
    parallel: ParallelFor
  ) {
    self.dynamics = dynamics
    self.settings = settings
    units = dynamics.hiddenUnits
    signal = TeacherRows.signal(dynamics.data.teacher)
    field = dynamics.fields
    fieldScales = dynamics.data.clusters.map { $0.variance.squareRoot() }
    let times = frameRows ?? dynamics.grid.steps
    let rows = units * (times + 1)
    noiseRows = signal.count + rows
    let persistence = PersistentControl.mask(
      dynamics, trajectories: settings.sampling.trajectories)
    ensemble = TrajectoryEnsemble(
      dynamics, settings, persistence: persistence, frameRows: frameRows, batch: batch,
      parallel: parallel)
    drive = GaussianDrive(rows: rows)
    if !dynamics.sampleSwitches.isFull {
      completer = KickCompleter(
        units: units, noiseRows: noiseRows, shares: ensemble.shares, kicks: units * times)
    }
    if frameRows != nil {
      noiseCompleter = NoiseCompleter(units: units, noiseRows: noiseRows, rows: times)
    }
    if let persistence {
      let masked = MaskedEnsemble(
        units: units, shares: ensemble.shares, mask: persistence, fieldScale: fieldScales[0])
      let tables: any KickTables =
        if let frameRows {
          FramedKickTables(masked, rows: frameRows)
        } else {
          StepwiseKickTables(masked, steps: times)
        }
      control = PersistentControl(tables)
    }
  }

  // MARK: Advancing

  /// Averages over the ensemble at one time, and the plan of the step that took it there.
  struct Observed: SampleObservation {
    let training: SampleValues
    fileprivate let plan: StepPlan
    fileprivate let sums: EnsembleSums
  }

  mutating func observe(_ weights: WeightKernels, at t: Int) -> Observed {
    for k in 0..<units {
      let row = weights.fieldRow(weights.present + k, field, at: t)
      drive.append(row.before[...], variance: row.variance, rounding: row.rounding)
    }
    let plan = plan(weights, at: t)
    completion = nil
    frameStep = nil
    let sums = ensemble.advance(plan)
    return Observed(
      training: training(sums.samples),
      plan: plan, sums: sums)
  }

  /// Values of the averages, of which those of learning passes are means over units already.
  private func training(_ averages: SampleSums) -> SampleValues {
    let alpha = dynamics.samplesPerWeight
    var values = averages.values(.whole, units: units, samplesPerWeight: alpha)
    values.complete(with: averages.values(.learning, units: 1, samplesPerWeight: alpha))
    return values
  }

  private func plan(_ weights: WeightKernels, at t: Int) -> StepPlan {
    let overlaps = weights.magnetisation[weights.past]
    let present = weights.present
    func noiseRows(_ rows: [[Double]]) -> [[Double]] {
      rows.enumerated().map { k, row in
        signal.map { $0 * overlaps[k][0] } + row
          + [Double](repeating: 0, count: units - 1 - k)
      }
    }
    let excess = weights.covariance.map { field.dropped * $0 }
    var plan = StepPlan(
      step: t, strength: dynamics.strength(at: t), isLast: t == dynamics.grid.steps,
      staticRows: signal.count,
      noiseRows: noiseRows((0..<units).map { drive.row(present + $0) }),
      wholeRows: field.dropped > 0 ? noiseRows(drive.lastRows(less: excess)) : nil,
      memoryRows: (0..<units).map {
        Array(weights.response.row(present + $0, width: present))
      },
      means: overlaps.map { overlaps in
        dynamics.data.clusters.map { $0.mean(overlaps[...]) }
      },
      readout: weights.readout[weights.readout.count - 1], completion: completion,
      frame: frameStep, fit: nil)
    plan.rowsBeforeMerge = frameStep.map {
      (
        noise: $0.beforeMerge(noise: plan.wholeRows ?? plan.noiseRows),
        memory: $0.beforeMerge(kicks: plan.memoryRows)
      )
    }
    if let control { plan.fit = control.fit(at: plan.strength) ?? ensemble.firstFit(plan) }
    return plan
  }

  // MARK: Responding

  mutating func respond(to observed: consuming Observed, _ weights: WeightKernels) -> SampleRow {
    let (plan, sums) = (observed.plan, observed.sums)
    var targets = KickTargets(drifts: sums)
    if let fit = plan.fit, let remainder = sums.remainder,
      let controlled = control?.targets(remainder, sums, plan, fit)
    {
      targets = controlled
    }
    completion = completer?.complete(sums, &targets)
    control?.append(targets)
    if let frame = sums.frame, let completion {
      let noise = noiseCompleter?.complete(
        sums, frame, kickNoise: targets.products.noise, kicks: completion)
      frameStep = noise.map { FrameStep(noise: $0) }
    }

    var row = row(sums, targets)
    row.readoutGradient = sums.readout
    if dynamics.data.teacher != nil { row.separateSignal(weights) }
    row.dropInputs(field.dropped)
    return row
  }

  mutating func merge(_ merges: [RowMerge]) {
    let flat = merges.map { $0.flat(units: units) }
    let rotation = drive.merge(flat)
    let leading = signal.count
    completer?.merge(flat, rotation, leading: leading)
    noiseCompleter?.merge(merges, rotation, leading: leading)
    control?.merge(merges, rotation)
    frameStep?.merge = FrameStep.Merge(kicks: flat, noise: rotation.kept.shifted(by: leading))
  }

  /// μ, S and χ of the kicks.
  private func row(_ sums: EnsembleSums, _ targets: KickTargets) -> SampleRow {
    let alpha = dynamics.samplesPerWeight
    let n = drive.count
    let staticRows = signal.count
    var row = SampleRow(drive: [], covariance: [], response: [])
    for k in 0..<units {
      row.drive.append(
        (0..<dynamics.signalDirections).map { p in
          // α E[B g_k], or α E[ν g_k], unscaled.
          var drive = DenseVector.dot(signal, Array(targets.products.noise[k][..<staticRows]))
          for (a, cluster) in dynamics.data.clusters.enumerated() {
            drive += cluster.centre[p] * targets.products.clusters[k][a] / fieldScales[a]
          }
          return alpha * drive
        })
      row.covariance.append(
        (targets.products.kicks[k] + targets.square[k * units..<(k + 1) * units])
          .map { alpha * $0 })
      let response =
        settings.response == .tangent
        ? sums.tangent[k]
        : drive.response(
          products: targets.products.noise[k][staticRows..<staticRows + n],
          instantaneous: Array(sums.curvature[k * units..<(k + 1) * units]))
      row.response.append(response.map { alpha * $0 })
    }
    return row
  }
}
