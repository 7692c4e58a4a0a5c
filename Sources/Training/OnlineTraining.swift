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

  /// round(α b d) of a step, at least 1.
  private func samples(at step: Int) -> Double {
    let density = dynamics.sampleSwitches.density(at: step)
    return max(1, (problem.samplesPerWeight * density * Double(settings.dimension)).rounded())
  }

  /// How many runs are trained at once, and what they hold.
  ///
  /// - Throws: `SolverError.unsupported` if the memory granted does not hold a single one.
  public func work(singleSamples: Bool = false) throws -> WorkAtOnce {
    let plan = RunPlan(dynamics, settings, dimension: settings.dimension, run: 0)
    let most = (0..<dynamics.grid.steps).reduce(1) { max($0, samples(at: $1)) }
    return try plan.work(samples: singleSamples ? 1 : most, parallel)
  }

  /// Trains `settings.runs` independent runs.
  ///
  /// - Parameters:
  ///   - singleSamples: whether the samples of a step come one after the other.
  ///   - progress: hears the fraction done, 0 to 1, from any thread.
  /// - Returns: one curve per observable, the mean over the runs with its standard error, at steps
  ///   0, k, 2k, ... (k = `settings.observeEvery`) and at the last.
  /// - Throws: `SolverError.diverged`.
  public func run(
    singleSamples: Bool = false, progress: ProgressReport? = nil
  ) throws -> [Curve] {
    let parallel = ParallelFor(threads: try work(singleSamples: singleSamples).count)
    let runs = settings.runs
    let counter = progress.map { SharedProgress(total: runs * dynamics.grid.steps, report: $0) }
    let plan = try batches(singleSamples: singleSamples)
    return Curve.mean(
      of: try parallel.map(runs) { run in
        var training = OnlineRun(
          RunPlan(dynamics, settings, dimension: settings.dimension, run: run), plan)
        return try training.train { try counter?.advance() }
      })
  }

  /// What happens at each step.
  private func batches(singleSamples: Bool) throws -> [Batches] {
    var parts = [Int: Dynamics]()
    return try (0..<dynamics.grid.steps).map { step in
      let samples = Int(samples(at: step))
      let count = singleSamples ? samples : 1
      let part =
        try parts[count]
        ?? Dynamics(
          problem.with {
            $0.rule.weightDecay = $0.rule.weightDecay.scaled(by: 1 / Double(count))
            $0.samplesPerWeight /= Double(count)
          })
      parts[count] = part
      return Batches(count: count, size: samples / count, part: part)
    }
  }
}

/// The batches of a step: all samples at once, or one after the other.
private struct Batches {
  let count: Int
  /// Samples of each.
  let size: Int
  /// What happens in one of them: a whole step, or its share of the decay.
  let part: Dynamics
}

/// One run: one signal, one start, one sequence of samples.
private struct OnlineRun {
  private let plan: RunPlan
  private let batches: [Batches]  // of each step
  private var batchesDone = 0
  private let signals: [[Double]]
  private let recorder: MacroscopicRecorder
  private let largestNorm: Double
  private var inputs: RandomStream
  private var weights: Weights
  private var readout: [Double]
  private var weightSwitches: WeightSwitches
  /// Nil if nothing is measured on samples that are not learned from.
  private var test: TestSet?

  init(_ plan: RunPlan, _ batches: [Batches]) {
    self.plan = plan
    self.batches = batches
    signals = TrainingSet.signals(plan)
    recorder = MacroscopicRecorder(plan.dynamics)
    inputs = plan.stream(.inputs)
    weights = Weights(plan, signals: signals)
    largestNorm = SolverError.largestGrowth * max(1, weights.meanNorm())
    readout = plan.dynamics.readout.initial
    weightSwitches = WeightSwitches(
      plan.dynamics, dimension: plan.dimension, stream: plan.stream(.weightMask))
    test = TestSet(plan, signals: signals)
  }

  mutating func train(stepDone: () throws -> Void) throws -> Recording {
    var recording = Recording()
    for step in 0..<plan.dynamics.grid.steps {
      if step % plan.settings.observeEvery == 0 { record(step: step, in: &recording) }
      for _ in 0..<batches[step].count { try learn(step: step) }
      try stepDone()
    }
    record(step: plan.dynamics.grid.steps, in: &recording)
    return recording
  }

  /// One batch of new samples, and the step that it makes.
  private mutating func learn(step: Int) throws {
    let (part, size) = (batches[step].part, batches[step].size)
    let set = TrainingSet(
      part, InputScales(rows: []), signals: signals, count: size, stream: &inputs)
    let index = UInt64(plan.run) << 32 | UInt64(batchesDone)
    batchesDone += 1
    var sweep = GradientSweep(part, set: set) {
      RandomStream(seed: plan.settings.seed, purpose: $0, index: index)
    }
    sweep.reset(step: step, readout: readout)
    sweep.learn(Array(0..<size), weights: weights)
    let gradient = FullGradient(part).values(at: weights, dataTerm: sweep.gradient, step: step)
    weightSwitches.advance(to: step, gradient: gradient)
    let norm = weights.update(gradient: gradient, isOn: weightSwitches.isOn, at: step)
    let samples = plan.dynamics.samplesPerWeight * Double(plan.dimension)
    readout = Readout.advanced(
      readout, rate: plan.dynamics.readoutRate(at: step),
      gradient: sweep.readoutGradient.map { $0 / samples },
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
      training: nil, test: test?.measure(weights, readout: readout, at: step),
      in: &recording)
  }
}
