public import LearningProblem
public import NumericalKit
public import Observables

/// Trains the problem directly at finite dimension, on actual samples and actual weights.
///
/// The learning rule of `[problem.gradient]` and `[problem.update]` at d inputs and n = round(α d)
/// samples, in several independent runs: data, start and masks are drawn anew in each, from streams
/// named by the seed and an index, q R + r for run r of R on path q of the hidden units. Inputs and
/// fields are Floats, weights Doubles.
///
/// Cost of a step: 4 b K n d operations and one reading of b n d Floats (b: density of the sample
/// mask; 1 at observed steps), more where a pass draws inputs of its own, for dropout or
/// contrastive divergence. Test loss and error are measured on fresh samples, `[observable.fresh]`:
/// at each observed step 2 K n' r operations and 4 K r d more, with r <= d weight vectors observed
/// so far. Memory: 4 n d + 4 r (n' + d) bytes per thread; fewer runs are trained at once where not
/// all fit, and what does not fit into the memory granted is refused. A run is one piece of work on
/// one thread: results are the same bits for any number of threads. Which steps are observed
/// changes no path, but the test samples: what is measured on them is of the same law, in other
/// numbers.
public struct DirectTraining: Sendable {
  /// What is trained.
  public let problem: Problem
  /// How it is trained.
  public let settings: TrainingSettings
  private let parallel: ParallelFor
  /// One for each path of the hidden units, in the steps that are taken. `[mask.units]`
  private let paths: [Dynamics]

  /// Prepares the training.
  ///
  /// - Parameters:
  ///   - problem: what is trained.
  ///   - settings: how it is trained.
  ///   - paths: the numbers of the paths of the hidden units, where a mask draws these, over which
  ///     results are averaged, run by run. `[mask.units]`
  ///   - parallel: threads to use.
  /// - Throws: a `Mismatch` of the problem or of the settings with it.
  public init(
    _ problem: Problem, _ settings: TrainingSettings = TrainingSettings(),
    paths: Range<Int> = 0..<1,
    parallel: ParallelFor = ParallelFor()
  ) throws {
    try settings.validate(for: problem)
    self.problem = problem
    self.settings = settings
    self.parallel = parallel
    self.paths = try Dynamics.along(paths: paths, of: problem).map(FlowIntegrator.dynamics)
  }

  /// Trains `settings.runs` independent runs in `dimension` (default: that of the settings;
  /// real data have their own). Runs on real data deal the rows anew into training and test.
  ///
  /// Returns one curve per observable, the mean over the runs with its standard error, at steps 0,
  /// k, 2k, ... (k = `settings.observeEvery`; results, in continuous time) and at the last;
  /// see `recordings`.
  public func run(
    dimension: Int? = nil, progress: ProgressReport? = nil
  ) throws -> [Curve] {
    Curve.mean(of: try recordings(dimension: dimension, progress: progress))
  }

  private func dimension(_ dimension: Int?) -> Int {
    let dimension = problem.data.measured?.dimension ?? dimension ?? settings.dimension
    precondition(dimension >= 1, "dimension must be at least 1, got \(dimension)")
    return dimension
  }

  /// How many runs are trained at once in `dimension`, and what they hold.
  ///
  /// - Throws: `SolverError.unsupported` if the memory granted does not hold a single one.
  public func work(dimension: Int? = nil) throws -> WorkAtOnce {
    let plan = RunPlan(paths[0], settings, dimension: self.dimension(dimension), run: 0)
    return try plan.work(
      samples: problem.samplesPerWeight * Double(plan.dimension), parallel)
  }

  /// Multiplications and additions of all runs, 4 K n d a step, if every sample takes part.
  public func operations(dimension: Int? = nil) -> Double {
    let dimension = Double(self.dimension(dimension))
    let ofStep =
      4 * Double(paths[0].hiddenUnits) * problem.samplesPerWeight * dimension * dimension
    return ofStep * Double(paths[0].grid.steps) * Double(settings.runs * paths.count)
  }

  /// What each run measured, averaged over the paths of the hidden units `[mask.units]`; see `run`.
  ///
  /// - Parameters:
  ///   - chosen: the numbers of the runs, from 0; nil trains all.
  ///   - dimension: see `run`.
  ///   - parts: keeps finished runs.
  ///   - progress: is told how far it is.
  public func recordings(
    of chosen: Range<Int>? = nil, dimension: Int? = nil, parts: any PartKeeper = NothingKept(),
    progress: ProgressReport? = nil
  ) throws -> [Recording] {
    let dimension = self.dimension(dimension)
    let parallel = ParallelFor(threads: try work(dimension: dimension).count)
    let runs = settings.runs
    let chosen = chosen ?? 0..<runs
    precondition(chosen.clamped(to: 0..<runs) == chosen, "runs \(chosen) of \(runs)")
    let steps = paths.count * paths[0].grid.steps
    let counter = progress.map { SharedProgress(total: chosen.count * steps, report: $0) }
    return try parallel.map(chosen.count) { index in
      let run = chosen.lowerBound + index
      return try parts.part(Self.partName(run, dimension: dimension)) {
        try counter?.advance(by: steps)
      } compute: {
        try Recording.mean(
          of: paths.map { dynamics in
            var training = TrainingRun(
              RunPlan(dynamics, settings, dimension: dimension, run: dynamics.path * runs + run))
            return try training.train { try counter?.advance() }
          })
      }
    }
  }

  /// The names under which `recordings` keeps runs, in their order.
  public func partNames(of chosen: Range<Int>? = nil, dimension: Int? = nil) -> [String] {
    (chosen ?? 0..<settings.runs).map {
      Self.partName($0, dimension: self.dimension(dimension))
    }
  }

  private static func partName(_ run: Int, dimension: Int) -> String {
    "training-d\(dimension)-run-\(run + 1)"
  }
}
