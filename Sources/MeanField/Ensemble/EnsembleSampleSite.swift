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
  private let field: FieldCovariance
  private let fieldScales: [Double]  // √Δ of each cluster
  private var ensemble: TrajectoryEnsemble
  private var drive: GaussianDrive
  private var completer: KickCompleter?  // nil for full batches
  private var control: PersistentControl?
  private var completion: [KickCompletion]?  // of the kicks of the last step

  init(_ dynamics: Dynamics, _ settings: TheorySettings, batch: Int, parallel: ParallelFor) {
    self.dynamics = dynamics
    self.settings = settings
    units = dynamics.hiddenUnits
    signal = TeacherRows.signal(dynamics.data.teacher)
    field = dynamics.fields
    fieldScales = dynamics.data.clusters.map { $0.variance.squareRoot() }
    let steps = dynamics.grid.steps
    let rows = units * (steps + 1)
    let persistence = PersistentControl.correlation(
      dynamics, trajectories: settings.sampling.trajectories)
    ensemble = TrajectoryEnsemble(
      dynamics, settings, persistence: persistence, batch: batch, parallel: parallel)
    drive = GaussianDrive(rows: rows)
    if !dynamics.sampleSwitches.isFull {
      completer = KickCompleter(
        units: units, noiseRows: signal.count + rows, shares: ensemble.shares, steps: steps)
    }
    if let persistence {
      control = PersistentControl(
        KickTables(
          units: units, steps: steps, shares: ensemble.shares,
          density: dynamics.sampleSwitches.density,
          correlation: persistence, fieldScale: fieldScales[0]))
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
      let row = weights.fieldRow(t * units + k, field)
      drive.append(row.before[...], variance: row.variance, rounding: row.rounding)
    }
    let plan = plan(weights, at: t)
    completion = nil
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
    func noiseRows(_ rows: [[Double]]) -> [[Double]] {
      rows.enumerated().map { k, row in
        signal.map { $0 * weights.magnetisation[t][k][0] } + row
          + [Double](repeating: 0, count: units - 1 - k)
      }
    }
    let excess = weights.covariance(at: t).map { field.dropped * $0 }
    var plan = StepPlan(
      step: t, strength: dynamics.strength(at: t), isLast: t == dynamics.grid.steps,
      staticRows: signal.count,
      noiseRows: noiseRows((0..<units).map { drive.row(t * units + $0) }),
      wholeRows: field.dropped > 0 ? noiseRows(drive.lastRows(less: excess)) : nil,
      memoryRows: (0..<units).map {
        Array(weights.response.row(t * units + $0, width: t * units))
      },
      means: weights.magnetisation[t].map { overlaps in
        dynamics.data.clusters.map { $0.mean(overlaps[...]) }
      },
      readout: weights.readout(at: t), completion: completion, fit: nil)
    if let control { plan.fit = control.fit ?? ensemble.firstFit(plan) }
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

    var row = row(sums, targets, at: plan.step)
    row.readoutGradient = sums.readout
    if dynamics.data.teacher != nil { row.separateSignal(weights, at: plan.step) }
    row.dropInputs(field.dropped)
    return row
  }

  /// μ, S and χ of the kicks.
  private func row(_ sums: EnsembleSums, _ targets: KickTargets, at t: Int) -> SampleRow {
    let alpha = dynamics.samplesPerWeight
    let n = units * (t + 1)
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
