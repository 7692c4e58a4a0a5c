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
  private let parallel: ParallelFor

  /// Prepares the training.
  public init(_ problem: Problem, parallel: ParallelFor = ParallelFor()) {
    self.problem = problem
    self.parallel = parallel
  }

  /// Trains `problem.training.runs` independent runs.
  ///
  /// - Parameter singleSamples: whether the samples of a step come one after the other.
  /// - Returns: one curve per observable, the mean over the runs with its standard error, at steps
  ///   0, k, 2k, ... (k = `problem.training.observeEvery`) and at the last.
  /// - Throws: `SolverError.diverged`.
  public func run(
    singleSamples: Bool = false, progress: (@Sendable (Double) -> Void)? = nil
  ) throws -> [Curve] {
    let runs = problem.training.runs
    let counter = progress.map { SharedProgress(total: runs * problem.grid.steps, report: $0) }
    return Curve.mean(
      of: try parallel.map(runs) { run in
        var training = OnlineRun(problem, singleSamples: singleSamples, run: run)
        return try training.train { counter?.advance() }
      })
  }
}

/// One run: one signal, one start, one sequence of samples.
private struct OnlineRun {
  private let problem: Problem
  /// The problem of one batch: that of a step, or of one sample with its share of the decay.
  private let part: Problem
  private let batchSize: Int
  private let batches: Int
  private let run: Int
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

  init(_ problem: Problem, singleSamples: Bool, run: Int) {
    let dimension = problem.training.dimension
    let samples = max(
      1, Int((problem.samplesPerWeight * problem.sampleMask.density * Double(dimension)).rounded()))
    self.problem = problem
    self.run = run
    batches = singleSamples ? samples : 1
    batchSize = singleSamples ? 1 : samples
    var part = problem
    part.weightDecay = problem.weightDecay / Double(batches)
    part.samplesPerWeight = problem.samplesPerWeight / Double(batches)
    self.part = part
    signals = TrainingSet.signals(problem, dimension: dimension, run: run)
    recorder = MacroscopicRecorder(problem)
    fullGradient = FullGradient(part)
    func stream(_ purpose: RandomStream.Purpose) -> RandomStream {
      RandomStream(seed: problem.training.seed, purpose: purpose, index: UInt64(run))
    }
    inputs = stream(.inputs)
    weights = Weights(problem, signals: signals, dimension: dimension, run: run)
    largestNorm = SolverError.largestGrowth * max(1, weights.meanNorm())
    readout = problem.network.readout.initial
    weightSwitches = WeightSwitches(part, dimension: dimension, stream: stream(.weightMask))
    test = TestSet(problem, signals: signals, run: run)
  }

  mutating func train(stepDone: () -> Void) throws -> Recording {
    var recording = Recording()
    for step in 0..<problem.grid.steps {
      if step % problem.training.observeEvery == 0 { record(step: step, in: &recording) }
      for batch in 0..<batches {
        try learn(batch: step * batches + batch, step: step)
      }
      stepDone()
    }
    record(step: problem.grid.steps, in: &recording)
    return recording
  }

  /// One batch of new samples, and the step that it makes.
  private mutating func learn(batch: Int, step: Int) throws {
    let set = TrainingSet(part, signals: signals, count: batchSize, stream: &inputs)
    let index = UInt64(run) << 32 | UInt64(batch)
    var sweep = GradientSweep(part, set: set) {
      RandomStream(seed: problem.training.seed, purpose: $0, index: index)
    }
    sweep.reset(step: batch, readout: readout)
    sweep.learn(Array(0..<batchSize), weights: weights)
    let gradient = fullGradient.values(at: weights, dataTerm: sweep.gradient)
    weightSwitches.advance(to: batch, gradient: gradient)
    let change = weights.update(
      gradient: gradient, isOn: weightSwitches.isOn, at: step, part)
    let samples = problem.samplesPerWeight * Double(problem.training.dimension)
    readout = problem.network.readout.advanced(
      readout, gradient: sweep.readoutGradient.map { $0 / samples },
      isOn: weightSwitches.unitIsOn)
    guard change.norm <= largestNorm else {  // false for NaN as well
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
