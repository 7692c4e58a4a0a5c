internal import LearningProblem
internal import NumericalKit
internal import Observables

/// One run: one training set, one start, one path of the masks. `[problem.gradient]`
/// `[problem.update]`
///
/// The path does not depend on what is observed: at observed steps the samples that no learning
/// pass has observed are visited in a second sweep, which leaves the gradient alone.
struct TrainingRun {
  private let plan: RunPlan
  private let set: TrainingSet
  private let recorder: MacroscopicRecorder
  private let allRows: [Int]
  private let largestNorm: Double
  private let fullGradient: FullGradient
  private var weights: Weights
  /// a.
  private var readout: [Double]
  private var sweep: GradientSweep
  /// Nil if nothing is measured on fresh samples.
  private var test: TestSet?
  private var sampleSwitches: Switches
  private var weightSwitches: WeightSwitches
  private var energy: WeightValues
  /// The same of each group of inputs; none where these are alike, or mixtures of axes.
  private var groupEnergy: [WeightValues] = []
  /// What learning passes have shown, summed over the steps done.
  private var totals = SampleValues.zeros(ofKnown: [])
  private var flow: FlowIntegrator?

  /// Draws data, start and mask streams of a run.
  init(_ plan: RunPlan) {
    self.plan = plan
    let dynamics = plan.dynamics
    flow = FlowIntegrator(plan)
    energy = flow == nil ? .zero(dynamics.rule.update) : .zero.inContinuousTime(of: dynamics)
    if dynamics.groups?.basis == .inputs, flow == nil {
      groupEnergy = (dynamics.groups?.groups ?? []).map { _ in .zero(dynamics.rule.update) }
    }
    let split = MeasuredSplit(plan)
    set = split?.training ?? TrainingSet(plan)
    recorder = MacroscopicRecorder(dynamics)
    fullGradient = FullGradient(dynamics)
    readout = dynamics.readout.initial
    allRows = Array(0..<set.labels.count)
    weights = Weights(plan, signals: set.signals)
    largestNorm = SolverError.largestGrowth * max(1, weights.meanNorm())
    sweep = GradientSweep(dynamics, set: set, stream: plan.stream)
    test =
      split.map { TestSet(plan, rows: $0.test) } ?? TestSet(plan, signals: set.signals)
    sampleSwitches = Switches(
      dynamics.sampleSwitches, count: allRows.count, stream: plan.stream(.sampleMask))
    weightSwitches = WeightSwitches(
      dynamics, dimension: plan.dimension, stream: plan.stream(.weightMask))
  }

  /// All steps; calls `stepDone` after each.
  mutating func train(stepDone: () throws -> Void) throws -> Recording {
    var recording = Recording()
    for step in 0..<plan.dynamics.grid.steps {
      let observed =
        flow?.isObserved(step: step) ?? (step % plan.settings.observeEvery == 0)
      sweepMiniBatch(step: step, isObserved: observed)
      if observed { record(step: step, in: &recording) }
      try update(step: step)
      try stepDone()
    }
    sweep.reset(step: plan.dynamics.grid.steps, readout: readout)
    sweep.observe(allRows, weights: weights)
    record(step: plan.dynamics.grid.steps, in: &recording)
    return recording
  }

  /// The gradient over the mini-batch of `step`, and the sums over all samples if it is observed.
  private mutating func sweepMiniBatch(step: Int, isObserved: Bool) {
    sampleSwitches.advance(to: step)
    sweep.reset(step: step, readout: readout)
    let isOn = sampleSwitches.isFull ? nil : sampleSwitches.isOn
    sweep.learn(isOn.map { isOn in allRows.filter { isOn[$0] } } ?? allRows, weights: weights)
    guard isObserved else { return }
    if !sweep.learningObserves {
      sweep.observe(allRows, weights: weights)
    } else if let isOn {
      sweep.observe(allRows.filter { !isOn[$0] }, weights: weights)
    }
  }

  /// w ← w - η ψ(G, M), and the readout from the same fields. `[problem.update]`
  /// `[network.readout]`
  private mutating func update(step: Int) throws {
    var gradient = fullGradient.values(at: weights, dataTerm: sweep.gradient, step: step)
    if flow != nil {
      let speed = plan.dynamics.speed(at: step)
      if speed != 1 { gradient = gradient.map { speed * $0 } }
      gradient = flow?.slope(gradient, at: step) ?? gradient
    }
    weightSwitches.advance(to: step, gradient: gradient)
    let norm = weights.update(gradient: gradient, isOn: weightSwitches.isOn, at: step)
    readout = Readout.advanced(
      readout, rate: plan.dynamics.readoutRate(at: step),
      gradient: sweep.readoutGradient.map { $0 / Double(allRows.count) },
      isOn: weightSwitches.unitIsOn)
    energy.advance(by: flow?.change ?? weights.stepChanges())
    for group in groupEnergy.indices {
      groupEnergy[group].advance(by: weights.stepChanges(of: group))
    }
    totals.add(values(.learning))
    guard norm <= largestNorm else {  // false for NaN as well
      throw SolverError.diverged(step: step + 1, solver: "training")
    }
  }

  /// What the samples showed at this step.
  private func values(_ pass: SamplePass) -> SampleValues {
    sweep.measured.values(
      pass, samples: allRows.count, units: weights.units,
      samplesPerWeight: plan.dynamics.samplesPerWeight)
  }

  private func recordGroups(in recording: inout Recording) {
    for group in (plan.dynamics.groups?.groups ?? []).indices {
      let state = weights.state(of: group, signals: set.signals)
      recorder.record(
        group: group, overlaps: state.overlaps, covariance: state.covariance,
        energy: groupEnergy.isEmpty ? nil : groupEnergy[group], in: &recording)
    }
  }

  /// The row of `step`: training set, test set, (m, C), then the energies.
  private mutating func record(step: Int, in recording: inout Recording) {
    let measured = values(.whole)
    recording.begin(step: flow?.result(at: step) ?? step)
    recorder.record(
      MacroscopicRecorder.State(
        overlaps: weights.overlaps(with: set.signals), covariance: weights.covariance(),
        readout: readout),
      training: measured, test: test?.measure(weights, readout: readout, at: step),
      in: &recording)
    recordGroups(in: &recording)
    guard recorder.recordsEnergy else { return }
    energy.complete(with: weights.changesSinceStart())
    energy.record(in: &recording)
    guard flow == nil else { return }
    precondition(energy.isConsistent, "changes were lost: \(energy)")
    recorder.recordCosts(measured.with(totals: totals), step: step, in: &recording)
  }
}
