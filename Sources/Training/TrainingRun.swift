internal import LearningProblem
internal import NumericalKit
internal import Observables

/// One run: one training set, one start, one path of the masks. `[problem.gradient]`
/// `[problem.update]`
///
/// The path does not depend on what is observed: at observed steps the samples outside the
/// mini-batch are visited in a second sweep, which leaves the gradient alone.
struct TrainingRun {
  private let problem: Problem
  private let set: TrainingSet
  private let recorder: MacroscopicRecorder
  private let allRows: [Int]
  private let largestNorm: Double
  private var weights: Weights
  private var sweep: GradientSweep
  private var sampleSwitches: Switches
  private var weightSwitches: Switches
  private var energy = SynapticEnergy()
  /// Per sample and hidden unit.
  private var activity = 0.0

  /// Draws data, start and mask streams of run number `run` in d = `dimension`.
  init(_ problem: Problem, dimension: Int, run: Int) {
    self.problem = problem
    set = TrainingSet(problem, dimension: dimension, run: run)
    recorder = MacroscopicRecorder(problem)
    allRows = Array(0..<set.labels.count)
    weights = Weights(problem, signals: set.signals, dimension: dimension, run: run)
    largestNorm = SolverError.largestGrowth * max(1, weights.meanNorm())
    func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
      RandomStream(seed: problem.training.seed, purpose: purpose, index: UInt64(run))
    }
    sweep = GradientSweep(problem, set: set, noise: stream(.forwardNoise))
    sampleSwitches = Switches(
      problem.sampleMask, count: allRows.count, stream: stream(.sampleMask))
    weightSwitches = Switches(
      problem.weightMask, count: weights.values.count, stream: stream(.weightMask))
  }

  /// All steps; calls `stepDone` after each.
  mutating func train(stepDone: () -> Void) throws -> Recording {
    var recording = Recording()
    for step in 0..<problem.steps {
      let observed = step % problem.training.observeEvery == 0
      sweepMiniBatch(step: step, alsoOthers: observed)
      if observed { record(step: step, in: &recording) }
      try update(step: step)
      stepDone()
    }
    sweep.reset()
    sweep.visit(allRows, weights: weights, onlyObserve: true)
    record(step: problem.steps, in: &recording)
    return recording
  }

  /// The gradient over the mini-batch of `step`, and the losses of all samples if `alsoOthers`.
  private mutating func sweepMiniBatch(step: Int, alsoOthers: Bool) {
    sampleSwitches.advance(to: step)
    sweep.reset()
    guard !sampleSwitches.isFull else {
      sweep.visit(allRows, weights: weights)
      return
    }
    let isOn = sampleSwitches.isOn
    sweep.visit(allRows.filter { isOn[$0] }, weights: weights)
    if alsoOthers {
      sweep.visit(allRows.filter { !isOn[$0] }, weights: weights, onlyObserve: true)
    }
  }

  /// w ← w - η ψ(λ w + data term, M). `[problem.update]`
  private mutating func update(step: Int) throws {
    weightSwitches.advance(to: step)
    let change = weights.update(
      dataTerm: sweep.gradient, isOn: weightSwitches.isFull ? nil : weightSwitches.isOn, problem)
    energy.writes += change.writes
    energy.absoluteChange? += change.absolute
    energy.squaredChange += change.squared
    activity += sweep.activity / Double(allRows.count * weights.units)
    guard change.norm <= largestNorm else {  // false for NaN as well
      throw SolverError.diverged(step: step + 1, solver: "training")
    }
  }

  /// The row of `step`: the training set, then what follows from (m, C), then the energies.
  private mutating func record(step: Int, in recording: inout Recording) {
    let samples = Double(allRows.count)
    recording.begin(step: step)
    recording.record(.trainingLoss, sweep.loss / samples)
    recording.record(.trainingError, sweep.error / samples)
    recorder.record(
      overlaps: weights.overlaps(with: set.signals), covariance: weights.covariance(),
      in: &recording)
    energy.netChange = weights.netChange()
    energy.record(in: &recording)
    recording.record(.activity, activity)
    recorder.record(
      curvature: problem.samplesPerWeight * problem.data.variance * sweep.curvature
        / (samples * Double(weights.units)), step: step, in: &recording)
  }
}
