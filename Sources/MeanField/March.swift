internal import LearningProblem
internal import NumericalKit
internal import Observables

/// One forward pass through time, alternating the two sites. `[march.order]`
///
/// At step t everything on the right-hand sides is known, so no sweeps and no damping are needed.
///
/// With a frame, rows of the past are merged as time goes on `[frame.rows]`; without one each step
/// keeps its own.
struct March: Sendable {
  let dynamics: Dynamics
  /// The frame of the past at the start; nil if all rows are kept.
  let frame: HistoryFrame?
  /// Steps at which kernels are kept if the past stands in a frame; nil if none are.
  var kernelSteps: [Int]?
  /// What is watched from waiting times on; nil if nothing is.
  var waiting: WaitingTimes?
  /// Called after each step; what it throws ends the march.
  let onStep: @Sendable () throws -> Void

  /// What a march leaves behind.
  struct Result: Sendable {
    var weights: WeightKernels
    var samples: SampleKernels
    /// The training set at times 0...T.
    var training: [SampleValues]
    /// What closed equations know of the square loss under a sample mask, at times 0...T; else
    /// empty.
    var masked: [MaskedMoments]
    /// What has been spent at times 0...T.
    var energy: [WeightValues]
    /// The weights at the last time; nil where closed equations do not give it.
    var histogram: WeightHistogram?
    /// What is known of each group of weights; empty where all are alike.
    var groups: [GroupHistory]
    /// What is known of each cluster of samples; empty unless these differ in shape.
    var clusters: [ClusterHistory]
    /// The frame at the end; nil if each step has its row.
    var frame: HistoryFrame?
    /// Kernels at chosen steps; nil if each step has its row.
    var chosen: ChosenKernels?
    /// Correlations and responses from waiting times on; empty unless asked for.
    var aging: [AgingCurve] = []

    /// The four kernels, at all steps or at those that were chosen.
    var kernels: Kernels {
      chosen?.kernels
        ?? Kernels(
          steps: Array(0..<weights.correlation.times), correlation: weights.correlation,
          response: weights.response, gradientCovariance: samples.covariance,
          gradientResponse: samples.response)
    }
  }

  /// Marches from the start to the last step.
  func run(
    _ sampleSite: inout some SampleSite, _ weightSite: inout any WeightSite
  ) throws -> Result {
    var frame = frame
    let rows = frame?.mostRows ?? dynamics.grid.steps
    var weights = WeightKernels(dynamics, rows: rows)
    var samples = SampleKernels(dynamics, rows: rows)
    var training = [SampleValues]()
    var masked = [MaskedMoments]()
    var energy = [WeightValues.zero(dynamics.rule.update)]
    var chosen = kernelSteps.map { ChosenKernels($0, units: dynamics.hiddenUnits) }
    var aging = waiting.map { AgingRecorder($0, last: dynamics.grid.steps) }
    for t in 0..<dynamics.grid.steps {
      aging?.record(weights, at: t, frame)
      let observed = sampleSite.observe(weights, at: t)
      training.append(observed.training)
      if let moments = observed.masked { masked.append(moments) }
      let row = sampleSite.respond(to: observed, weights)
      samples.append(row)
      if let frame { chosen?.record(weights, samples, at: t, frame) }
      var spent = energy[t]
      spent.advance(by: weightSite.advance(&weights, samples))
      energy.append(spent)
      guard dynamics.problem.timing.flow != nil || spent.isConsistent else {
        throw SolverError.inconsistent(step: t + 1)
      }
      if dynamics.readout.isLearned {
        weights.advanceReadout(rate: dynamics.readoutRate(at: t), gradient: row.readoutGradient)
      }
      weights.finishStep()
      try checkGrowth(weights)
      frame?.push()
      if let merges = frame?.merges(weightSite.signals(weights)), !merges.isEmpty {
        for merge in merges {
          weights.merge(merge)
          samples.merge(merge)
        }
        sampleSite.merge(merges)
        weightSite.merge(merges)
      }
      try onStep()
    }
    if let frame { chosen?.record(weights, nil, at: dynamics.grid.steps, frame) }
    aging?.record(weights, at: dynamics.grid.steps, frame)
    let last = sampleSite.observe(weights, at: dynamics.grid.steps)
    training.append(last.training)
    if let moments = last.masked { masked.append(moments) }
    return Result(
      weights: weights, samples: samples, training: training, masked: masked, energy: energy,
      histogram: weightSite.histogram, groups: weightSite.groups,
      clusters: sampleSite.clusters, frame: frame, chosen: chosen,
      aging: aging?.curves ?? [])
  }

  private func checkGrowth(_ weights: WeightKernels) throws {
    let start = weights.states[0].covariance
    let now = weights.states[weights.time].covariance
    let units = weights.correlation.units
    for k in 0..<units {
      let norm = now[k * units + k]
      guard !(norm < 0) else { throw SolverError.inconsistent(step: weights.time) }
      guard norm.isFinite, norm <= SolverError.largestGrowth * max(1, start[k * units + k]) else {
        throw SolverError.diverged(step: weights.time, solver: "theory")
      }
    }
  }
}

extension March.Result {
  /// This result with what closed equations leave open read off probes.
  ///
  /// - Parameters:
  ///   - samples: one for each cluster that differs in shape, or one for all samples.
  ///   - weights: one for each group of weights, or one for all of them.
  func probed(_ samples: [SampleProbe], _ weights: [WeightProbe]) -> March.Result {
    let parts = clusters.isEmpty ? [1] : clusters.map(\.probability)
    func mean(_ value: (SampleProbe) -> Double) -> Double {
      zip(parts, samples).reduce(0) { $0 + $1.0 * value($1.1) }
    }
    var result = self
    if groups.isEmpty { result.histogram = weights.first?.histogram ?? histogram }
    for t in training.indices {
      if !samples.isEmpty {
        result.training[t][.trainingError] = mean { $0.errors[t] }
        // No step is taken at the last time.
        result.training[t][.activity] = mean {
          t < $0.activities.count ? $0.activities[t] : 0
        }
      }
      guard !weights.isEmpty else { continue }
      for (number, probe) in weights.enumerated() where !groups.isEmpty {
        result.groups[number].energy[t].complete(with: probe.changes[t])
      }
      let shares = groups.isEmpty ? [1] : groups.map(\.group.share)
      result.energy[t].complete(
        with: .mean(zip(shares, weights).map { ($0, $1.changes[t]) }))
    }
    return result
  }

  /// The curves of a march through continuous time, at its results. `[flow.limit]`
  func recording(
    _ recorder: MacroscopicRecorder, _ test: TestQuantities, _ flow: Flow, _ scheme: FlowScheme
  ) -> Recording {
    var recording = Recording()
    for (step, t) in zip(flow.outputs, scheme.outputs) {
      recording.begin(step: step)
      record(recorder, test, at: t, in: &recording)
      if recorder.recordsEnergy { recordEnergy(at: t, in: &recording) }
      recordGroups(recorder, at: t, in: &recording)
    }
    return recording
  }

  private func record(
    _ recorder: MacroscopicRecorder, _ test: TestQuantities, at t: Int,
    in recording: inout Recording
  ) {
    let state = weights.states[t]
    recorder.record(
      state, training: training[t], test: test.evaluate(state, at: t), in: &recording)
  }

  private func recordGroups(
    _ recorder: MacroscopicRecorder, at t: Int, in recording: inout Recording
  ) {
    for (number, history) in groups.enumerated() {
      let energy = history.energy
      recorder.record(
        group: number, overlaps: history.overlaps(at: t),
        covariance: history.weights.states[t].covariance,
        energy: energy.isEmpty ? nil : energy[t].known(to: energy[energy.count - 1]),
        in: &recording)
    }
  }

  private func recordEnergy(at t: Int, in recording: inout Recording) {
    energy[t].known(to: energy[energy.count - 1]).record(in: &recording)
  }

  /// The curves of this march: what is known at the last time is known at all times, else left out.
  func recording(_ recorder: MacroscopicRecorder, _ test: TestQuantities) -> Recording {
    var recording = Recording()
    var totals = SampleValues.zeros(ofKnown: training)
    for (t, training) in training.enumerated() {
      recording.begin(step: t)
      record(recorder, test, at: t, in: &recording)
      if recorder.recordsEnergy {
        recordEnergy(at: t, in: &recording)
        recorder.recordCosts(training.with(totals: totals), step: t, in: &recording)
        totals.add(training)
      }
      recordGroups(recorder, at: t, in: &recording)
    }
    return recording
  }
}
