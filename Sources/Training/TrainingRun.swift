internal import LearningProblem
internal import NumericalKit
internal import Observables

/// One run: one training set, one start, one path of the masks. `[problem.gradient]`
/// `[problem.update]`
///
/// The path does not depend on what is observed: at observed steps the samples that no learning
/// pass has observed are visited in a second sweep, which leaves the gradient alone.
struct TrainingRun {
  private let problem: Problem
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
  private var energy = SynapticEnergy()
  /// What learning passes have shown, summed over the steps done.
  private var totals = SampleValues.zeros(ofKnown: [])
  private var flow: FlowIntegrator?

  /// Draws data, start and mask streams of index `run` in d = `dimension`.
  init(_ problem: Problem, dimension: Int, run: Int) {
    self.problem = problem
    flow = FlowIntegrator(problem)
    let split = MeasuredSplit(problem, run: run)
    set = split?.training ?? TrainingSet(problem, dimension: dimension, run: run)
    recorder = MacroscopicRecorder(problem)
    fullGradient = FullGradient(problem)
    readout = problem.network.readout.initial
    allRows = Array(0..<set.labels.count)
    weights = Weights(problem, signals: set.signals, dimension: dimension, run: run)
    largestNorm = SolverError.largestGrowth * max(1, weights.meanNorm())
    func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
      RandomStream(seed: problem.training.seed, purpose: purpose, index: UInt64(run))
    }
    sweep = GradientSweep(problem, set: set, stream: stream)
    test =
      split.map { TestSet(problem, rows: $0.test, run: run) }
      ?? TestSet(problem, signals: set.signals, run: run)
    sampleSwitches = Switches(
      problem.sampleMask, count: allRows.count, stream: stream(.sampleMask))
    weightSwitches = WeightSwitches(
      problem, dimension: dimension, stream: stream(.weightMask))
  }

  /// All steps; calls `stepDone` after each.
  mutating func train(stepDone: () -> Void) throws -> Recording {
    var recording = Recording()
    for step in 0..<problem.grid.steps {
      let observed =
        flow?.isObserved(step: step) ?? (step % problem.training.observeEvery == 0)
      sweepMiniBatch(step: step, isObserved: observed)
      if observed { record(step: step, in: &recording) }
      try update(step: step)
      stepDone()
    }
    sweep.reset(step: problem.grid.steps, readout: readout)
    sweep.observe(allRows, weights: weights)
    record(step: problem.grid.steps, in: &recording)
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
    var gradient = fullGradient.values(at: weights, dataTerm: sweep.gradient)
    if flow != nil { gradient = flow?.slope(gradient) ?? gradient }
    weightSwitches.advance(to: step, gradient: gradient)
    let change = weights.update(
      gradient: gradient, isOn: weightSwitches.isOn, at: step, problem)
    readout = problem.network.readout.advanced(
      readout, gradient: sweep.readoutGradient.map { $0 / Double(allRows.count) },
      isOn: weightSwitches.unitIsOn)
    energy.writes += change.writes
    energy.absoluteChange? += change.absolute
    energy.squaredChange += change.squared
    totals.add(values(.learning))
    guard change.norm <= largestNorm else {  // false for NaN as well
      throw SolverError.diverged(step: step + 1, solver: "training")
    }
  }

  /// What the samples showed at this step.
  private func values(_ pass: SamplePass) -> SampleValues {
    sweep.measured.values(
      pass, samples: allRows.count, units: weights.units,
      samplesPerWeight: problem.samplesPerWeight)
  }

  /// The row of `step`: training set, test set, (m, C), then the energies.
  private mutating func record(step: Int, in recording: inout Recording) {
    let measured = values(.whole)
    recording.begin(step: flow?.result(at: step) ?? step)
    recorder.record(
      MacroscopicRecorder.State(
        overlaps: weights.overlaps(with: set.signals), covariance: weights.covariance(),
        readout: readout),
      training: measured, test: test?.measure(weights, readout: readout),
      in: &recording)
    guard recorder.recordsEnergy else { return }
    energy.netChange = weights.netChange()
    if let flow {
      energy.absoluteChange = flow.length
      energy.recordLengths(in: &recording)
      return
    }
    precondition(energy.isConsistent, "changes were lost: \(energy)")
    energy.record(in: &recording)
    recorder.recordCosts(measured.with(totals: totals), step: step, in: &recording)
  }
}
