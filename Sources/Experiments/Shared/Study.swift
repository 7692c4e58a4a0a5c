internal import LearningProblem
public import MaskedDMFT
internal import NumericalKit
internal import Observables
internal import RunStorage

/// A problem file and what the user wants done with its results: the ground of every command.
///
/// The order is always: read the problem, prepare the solver (both refuse bad problems), prepare
/// the folder (refuses before anything is computed), compute, write.
public struct Study: Sendable {
  /// What all commands share.
  public struct Options: Sendable {
    /// Output folder; nil takes `runs/<file name>`.
    public var output: String?
    /// `key.path=value` on top of the file.
    public var overrides: [String] = []
    /// Replaces both seeds of the problem.
    public var seed: Int?
    /// Threads; nil takes as many as were granted.
    public var threads: Int?
    /// No progress.
    public var quiet = false
    /// Whether an earlier run in the folder may be replaced.
    public var force = false
    /// The format of the figure.
    public var figure = FigureFormat.svg
    /// Whether finished parts are kept beside the output, and those that are there taken over.
    public var resumes = false
    /// When to stop with the parts that are finished; nil has no limit.
    public var timeLimit: Duration?
    /// The training runs that this command computes, from 1; nil with `batches` nil computes all.
    public var runs: ClosedRange<Int>?
    /// The batches of the theory that this command computes, from 1; see `runs`.
    public var batches: ClosedRange<Int>?
    /// What was typed, for `run.yaml`.
    public var invocation = Invocation()

    /// The defaults.
    public init() {}
  }

  /// The problem.
  public let file: ProblemFile
  /// Where results go.
  public let output: String
  /// What happens at each step of the problem.
  let dynamics: Dynamics
  let path: String
  /// The text of the problem file.
  let source: ProblemSource
  /// What was set on top of it.
  let overrides: [String]
  let options: Options
  /// Parts that other commands have computed, which this one puts together; nil if it computes.
  let merged: PartCollection?
  private let start = ContinuousClock.now

  /// Reads the problem file; throws `ProblemError`.
  public init(file path: String, options: Options = Options()) throws {
    try self.init(ProblemSource(path: path), options: options)
  }

  /// Reads the text of a problem file; throws `ProblemError`.
  init(_ source: ProblemSource, options: Options) throws {
    let seeds = options.seed.map { ["theory.seed=\($0)", "training.seed=\($0)"] } ?? []
    try self.init(source, overrides: options.overrides + seeds, options, merging: nil)
  }

  /// Reads a problem with `overrides` on top of its text; see `merged`.
  init(
    _ source: ProblemSource, overrides: [String], _ options: Options, merging parts: PartCollection?
  ) throws {
    self.source = source
    self.overrides = overrides
    file = try ProblemFile(source, overrides: overrides)
    dynamics = try Dynamics(file.problem)
    path = source.name
    self.options = options
    merged = parts
    output = (options.output ?? "runs/\(source.name.baseName)\(options.share)").trimmedPath
  }

  var problem: Problem { file.problem }

  /// Reads the problem file with `--set` texts on top of those that were given.
  var rereading: @Sendable (_ settings: [String]) throws -> ProblemFile {
    let (source, overrides) = (source, overrides)
    return { try ProblemFile(source, overrides: overrides + $0) }
  }

  var parallel: ParallelFor { ParallelFor(threads: options.threads) }

  /// A progress callback for a phase called `name`.
  func progress(_ name: String) -> @Sendable (Double) -> Void {
    let reporter = ProgressReporter(name, style: ProgressReporter.style(quiet: options.quiet))
    return { reporter.report($0) }
  }

  /// The same, which throws `TimeLimitReached` after the time limit; silent where parts are merged.
  func limitedProgress(_ name: String) -> ProgressReport? {
    guard merged == nil else { return nil }
    let report = progress(name)
    let end = options.timeLimit.map { start + $0 }
    return { fraction in
      report(fraction)
      if fraction < 1, let end, ContinuousClock.now >= end { throw TimeLimitReached() }
    }
  }

  /// The threads that work, and who granted them.
  private var threads: GrantedThreads {
    options.threads.map { GrantedThreads(count: $0, source: .option) } ?? Machine.grantedThreads
  }

  /// Reserves the folder, computes, writes, and puts all in place; errors become a `Failure`, and
  /// nothing stays behind.
  ///
  /// - Parameters:
  ///   - rules: Learning rules that bring a weight mask of their own, for `run.yaml`.
  ///   - keptParts: How many parts of the result were there before, once it is computed.
  ///   - write: Writes the result and returns the diagnostics for `run.yaml`.
  func run<Result>(
    rules: [(name: String, problem: Problem)] = [], keptParts: () -> Int = { 0 },
    compute: () throws -> Result,
    write: (Result, RunDirectory) throws -> [(key: String, value: String)]
  ) throws -> Result {
    do {
      return try RunDirectory.writing(
        to: output, force: options.force,
        inputs: [path] + file.inputs + (merged?.files ?? [])
      ) { directory in
        let start = ContinuousClock.now
        let result = try compute()
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let diagnostics = try write(result, directory)
        for (key, text) in diagnostics {
          if let value = Double(text), !value.isFinite {
            throw SolverError.notFinite(quantity: key, step: nil, value: value)
          }
        }
        let record = RunRecord(
          options.invocation, threads: threads, problem: file, wallTimeSeconds: seconds,
          keptParts: keptParts(), mergedCommand: merged?.work.text, diagnostics: diagnostics,
          rules: rules)
        return (result, record.yaml)
      }
    } catch {
      throw Failure(error, file: path)
    }
  }

  /// Draws the figure of a run; nil, or in one sentence why there is none.
  func draw(_ plot: Plot, in directory: RunDirectory) throws -> String? {
    try Gnuplot.draw(plot, as: options.figure, in: directory)
  }

  /// Estimates at the last step, the least test errors and where the files are, for standard
  /// output.
  func summary(_ curves: [Curve], bounds: TestErrorBounds?, files: String) -> String {
    let step = curves.compactMap(\.steps.last).max() ?? 0
    var table = TextTable(["observable", "step \(step)"])
    for curve in curves where curve.observable.isShown {
      table.append([curve.observable.name, curve.estimates.last?.text ?? ""])
    }
    let rest =
      Observable.hidden(of: curves.map(\.observable), in: "curves.csv")
      .map { "\n\($0)" } ?? ""
    let limits = bounds.map { "\n\n\($0.text)" } ?? ""
    return table.text + rest + limits + "\n\nfiles: \(output)/: \(files)"
  }
}
