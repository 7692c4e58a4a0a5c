public import LearningProblem
public import NumericalKit
public import Observables

/// Trains on samples that are used once, at finite dimension. `[online.step]`
///
/// Each step of the problem has round(α b d) samples of its own, b the density of the sample mask:
/// at once, or one after the other in as many steps of the weights, which then share the decay of
/// the step. Runs, streams and precision are those of `DirectTraining`.
///
/// Cost of a step: 4 K d operations and the drawing of d normal numbers per sample, some
/// 5 ns each; for single samples another 10 ns per weight and sample. Memory: 4 α b d² bytes per
/// thread, or next to none.
public struct OnlineTraining: Sendable {
  /// What is trained.
  public let problem: Problem
  /// How it is trained.
  public let settings: TrainingSettings
  private let parallel: ParallelFor
  private let dynamics: Dynamics

  /// Prepares the training; throws a `Mismatch` of the problem or of the settings with it.
  public init(
    _ problem: Problem, _ settings: TrainingSettings = TrainingSettings(),
    parallel: ParallelFor = ParallelFor()
  ) throws {
    try settings.validate(for: problem)
    self.problem = problem
    self.settings = settings
    self.parallel = parallel
    dynamics = try Dynamics(problem)
  }

  /// round(α b d), at least 1.
  private var samplesPerStep: Double {
    let density = dynamics.sampleSwitches.density
    return max(1, (problem.samplesPerWeight * density * Double(settings.dimension)).rounded())
  }

  /// How many runs are trained at once, and what they hold.
  ///
  /// - Throws: `SolverError.unsupported` if the memory granted does not hold a single one.
  public func work(singleSamples: Bool = false) throws -> WorkAtOnce {
    let plan = RunPlan(dynamics, settings, dimension: settings.dimension, run: 0)
    return try plan.work(samples: singleSamples ? 1 : samplesPerStep, parallel)
  }

  /// Trains `settings.runs` independent runs.
  ///
  /// - Parameter singleSamples: whether the samples of a step come one after the other.
  /// - Returns: one curve per observable, the mean over the runs with its standard error, at steps
  ///   0, k, 2k, ... (k = `settings.observeEvery`) and at the last.
  /// - Throws: `SolverError.diverged`.
  public func run(
    singleSamples: Bool = false, progress: ProgressReport? = nil
  ) throws -> [Curve] {
    let parallel = ParallelFor(threads: try work(singleSamples: singleSamples).count)
    let runs = settings.runs
    let counter = progress.map { SharedProgress(total: runs * dynamics.grid.steps, report: $0) }
    let samples = Int(samplesPerStep)
    let batches = singleSamples ? samples : 1
    let part = try Dynamics(
      problem.with {
        $0.rule.weightDecay /= Double(batches)
        $0.samplesPerWeight /= Double(batches)
      })
    return Curve.mean(
      of: try parallel.map(runs) { run in
        var training = OnlineRun(
          RunPlan(dynamics, settings, dimension: settings.dimension, run: run), part: part,
          batches: batches, batchSize: samples / batches)
        return try training.train { try counter?.advance() }
      })
  }
}

/// One run: one signal, one start, one sequence of samples.
private struct OnlineRun {
  private let plan: RunPlan
  /// What happens in one batch: a whole step, or one sample with its share of the decay.
  private let part: Dynamics
  private let batchSize: Int
  private let batches: Int
  private let signals: [[Double]]
  private let recorder: MacroscopicRecorder
  private let fullGradient: FullGradient
  private let largestNorm: Double
  private var inputs: RandomStream
  private var weights: Weights
  private var readout: [Double]
  private var weightSwitches: WeightSwitches
  /// Nil if nothing is measured on samples that are not learned from.
  private var test: TestSet?

  init(_ plan: RunPlan, part: Dynamics, batches: Int, batchSize: Int) {
    self.plan = plan
    self.part = part
    self.batches = batches
    self.batchSize = batchSize
    signals = TrainingSet.signals(plan)
    recorder = MacroscopicRecorder(plan.dynamics)
    fullGradient = FullGradient(part)
    inputs = plan.stream(.inputs)
    weights = Weights(plan, signals: signals)
    largestNorm = SolverError.largestGrowth * max(1, weights.meanNorm())
    readout = plan.dynamics.readout.initial
    weightSwitches = WeightSwitches(
      part, dimension: plan.dimension, stream: plan.stream(.weightMask))
    test = TestSet(plan, signals: signals)
  }

  mutating func train(stepDone: () throws -> Void) throws -> Recording {
    var recording = Recording()
    for step in 0..<plan.dynamics.grid.steps {
      if step % plan.settings.observeEvery == 0 { record(step: step, in: &recording) }
      for batch in 0..<batches {
        try learn(batch: step * batches + batch, step: step)
      }
      try stepDone()
    }
    record(step: plan.dynamics.grid.steps, in: &recording)
    return recording
  }

  /// One batch of new samples, and the step that it makes.
  private mutating func learn(batch: Int, step: Int) throws {
    let set = TrainingSet(
      part, InputScales(rows: []), signals: signals, count: batchSize, stream: &inputs)
    let index = UInt64(plan.run) << 32 | UInt64(batch)
    var sweep = GradientSweep(part, set: set) {
      RandomStream(seed: plan.settings.seed, purpose: $0, index: index)
    }
    sweep.reset(step: batch, readout: readout)
    sweep.learn(Array(0..<batchSize), weights: weights)
    let gradient = fullGradient.values(at: weights, dataTerm: sweep.gradient, step: step)
    weightSwitches.advance(to: batch, gradient: gradient)
    let norm = weights.update(gradient: gradient, isOn: weightSwitches.isOn, at: step)
    let samples = plan.dynamics.samplesPerWeight * Double(plan.dimension)
    readout = plan.dynamics.readout.advanced(
      readout, gradient: sweep.readoutGradient.map { $0 / samples },
      isOn: weightSwitches.unitIsOn)
    guard norm <= largestNorm else {  // false for NaN as well
      throw SolverError.diverged(step: step + 1, solver: "training")
    }
  }

  private mutating func record(step: Int, in recording: inout Recording) {
    recording.begin(step: step)
    recorder.record(
      MacroscopicRecorder.State(
        overlaps: weights.overlaps(with: signals), covariance: weights.covariance(),
        readout: readout),
      training: nil, test: test?.measure(weights, readout: readout),
      in: &recording)
  }
}
