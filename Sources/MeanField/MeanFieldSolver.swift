public import LearningProblem
public import NumericalKit
internal import Observables

/// Solves the dynamical mean-field theory of a problem in one march through time. `[march.order]`
///
/// Closed sites are used where they exist; otherwise independent batches of trajectories, each a
/// complete solve, give every observable a standard error. `[sampling.errors]` What needs the
/// distribution of weights under a closed site is read off sampled weights that follow its kernels.
/// The result is the same bits for any number of threads. Cost O(N T²) per batch, memory
/// O(N T + T²) per thread; in a frame of n rows, O(N n T) and O(N n + n²) `[frame.rows]`. Fewer
/// batches are solved at once where not all fit, and what does not fit into the memory granted is
/// refused.
public struct MeanFieldSolver: TheorySolver {
  /// What is solved.
  public let problem: Problem
  /// How it is solved.
  public let settings: TheorySettings
  private let parallel: ParallelFor
  let keepsKernels: Bool
  /// One plan for each path of the hidden units. `[mask.units]`
  private(set) var plans: [SitePlan]
  let work: WorkAtOnce
  /// What its parts are called.
  private let name: String

  /// Prepares a solver.
  ///
  /// - Parameters:
  ///   - problem: what is solved, in steps.
  ///   - settings: how it is solved.
  ///   - paths: the numbers of the paths of the hidden units, where a mask draws these, over which
  ///     results are averaged, batch by batch. `[mask.units]`
  ///   - keepKernels: whether the solution holds the kernels (and their errors); with several paths
  ///     of the hidden units there are none.
  ///   - waiting: whether the solution holds correlations and responses from waiting times on; what
  ///     needs probes is then left out.
  ///   - parallel: threads to use.
  /// - Throws: a `Mismatch` of the problem, `SolverError.unsupported` for what the theory here
  ///   does not cover or memory does not hold, or waiting times beyond the last step but one.
  public init(
    _ problem: Problem, _ settings: TheorySettings = TheorySettings(), paths: Range<Int> = 0..<1,
    keepKernels: Bool = false, waiting: WaitingTimes? = nil, parallel: ParallelFor = ParallelFor()
  ) throws {
    guard problem.timing.flow == nil else {
      throw SolverError.unsupported(
        what: "time.kind: flow by a march in steps", instead: "solve, train or compare")
    }
    try self.init(
      Dynamics.along(paths: paths, of: problem), settings, scheme: nil, name: "theory",
      keepKernels: keepKernels, waiting: waiting, parallel: parallel)
  }

  /// A march called `name` along the points of `scheme` for each path of a problem, beside `kept`
  /// bytes of earlier marches, in the memory `granted`, by default that of the process.
  init(
    _ paths: [Dynamics], _ settings: TheorySettings, scheme: FlowScheme?, name: String,
    keepKernels: Bool, waiting: WaitingTimes? = nil, parallel: ParallelFor, kept: Double = 0,
    granted: GrantedMemory? = nil
  ) throws {
    problem = paths[0].problem
    self.name = name
    try problem.requireModel()
    if let late = waiting?.steps.last, late >= problem.grid.steps {
      throw SolverError.unsupported(
        what: "waiting for \(late) of \(problem.grid.steps) steps",
        instead: "waiting times below steps, or more steps")
    }
    if waiting != nil, paths[0].groups != nil {
      // The kernels of a march are those that the fields see, not those of the weights.
      throw SolverError.unsupported(
        what: "waiting times with inputs in groups", instead: "inputs: {kind: alike}")
    }
    self.settings = settings
    self.parallel = parallel
    keepsKernels = keepKernels && paths.count == 1
    plans = try paths.map { try SitePlan($0, settings, scheme: scheme, waiting: waiting) }
    // Whole batches in parallel if there are enough of them, else blocks within a batch.
    let wanted = plans[0].batches >= parallel.threads ? parallel.threads : 1
    let need = SolveMemory(plans, keepsKernels: keepsKernels, threads: parallel.threads)
    solutionMemory = need.solution
    work = try WorkAtOnce(
      "a solve", of: "batches", atMost: wanted, threads: parallel.threads,
      instead: need.advice,
      granted: granted ?? Machine.grantedMemory
    ) { kept + need.bytes(batchesAtOnce: $0) }
  }

  /// The same solver with the past in a frame of that resolution, where it is in a frame.
  package func resolved(_ resolution: HistoryFrame.Resolution) -> MeanFieldSolver {
    var solver = self
    solver.plans = plans.map { $0.resolved(resolution) }
    return solver
  }

  /// Whether the past stands in a frame. `[frame.rows]`
  package var isFramed: Bool { plan.frame != nil }

  var plan: SitePlan { plans[0] }

  /// Bytes that a solve holds at its biggest moment, kernels in the form of files among them where
  /// they are kept.
  public var memory: Double { work.bytes }

  /// Bytes of the solution.
  let solutionMemory: Double

  /// Whether the kernels need no sampling.
  public var isClosed: Bool { plan.isClosed }

  /// What a solve takes, all batches and paths together.
  public var cost: MarchCost { MarchCost(plans) }

  public var batches: Int { plan.batches }

  public func partNames(of chosen: Range<Int>?) -> [String] {
    Self.partNames(name, chosen ?? 0..<batches)
      + (plan.isClosed && keepsKernels ? [kernelName] : [])
  }

  /// The names of the parts of a march.
  static func partNames(_ name: String, _ batches: Range<Int>) -> [String] {
    batches.map { "\(name)-batch-\($0 + 1)" }
  }

  private var kernelName: String { "\(name)-kernels" }

  public func solve(
    _ chosen: Range<Int>?, parts: any PartKeeper, progress: ProgressReport?, cost: CostReport?
  ) throws -> Solution {
    cost?(self.cost)
    let chosen = chosen ?? 0..<batches
    precondition(chosen.clamped(to: 0..<batches) == chosen, "batches \(chosen) of \(batches)")
    let recorder = MacroscopicRecorder(plan.dynamics)
    let test = TestQuantities(plan.dynamics)
    let outer = ParallelFor(threads: work.count)
    let inner = ParallelFor(threads: outer.threads > 1 ? 1 : work.threads)
    let steps = plans.count * plan.dynamics.grid.steps
    let stepsOfBatch = steps * plan.marchesOfBatch
    let counter = progress.map {
      SharedProgress(
        total: (plan.isClosed ? steps : 0) + chosen.count * stepsOfBatch, report: $0)
    }
    let onStep: @Sendable () throws -> Void = { try counter?.advance() }
    let names = Self.partNames(name, chosen)
    // Batches of an exact march are small: whether it is needed is known before it begins.
    let ready = plan.isClosed ? try names.map { try parts.kept(Batch.self, $0) } : []
    var kernels =
      plan.isClosed && keepsKernels ? try parts.kept(Kernels.self, kernelName) : nil
    var exact: [(result: March.Result, probes: Probes)]?
    if plan.isClosed {
      if ready.contains(where: { $0 == nil }) || keepsKernels && kernels == nil {
        exact = try plans.map { plan in
          let result = try plan.march(0, keepsKernels: keepsKernels, inner, onStep)
          return (result: result, probes: plan.probes(of: result))
        }
      } else {
        try counter?.advance(by: steps)
      }
    }
    if let exact, keepsKernels, kernels == nil {
      kernels = exact[0].result.kernels
      try parts.keep(kernels, kernelName)
    }

    var batches = [Batch]()
    var average = keepsKernels ? KernelAverage() : nil
    if let kernels { average?.add(kernels) }
    let marched = exact
    for first in stride(from: 0, to: chosen.count, by: outer.threads) {
      let results = try outer.map(min(outer.threads, chosen.count - first)) { index in
        let number = first + index
        if let batch = plan.isClosed ? ready[number] : try parts.kept(Batch.self, names[number]) {
          try counter?.advance(by: stepsOfBatch)
          return batch
        }
        let batch = try self.batch(
          chosen.lowerBound + number, marched, recorder, test, inner, onStep)
        try parts.keep(batch, names[number])
        return batch
      }
      for batch in results {
        var kept = batch
        kept.kernels = nil
        batches.append(kept)
        if let kernels = batch.kernels { average?.add(kernels) }
      }
    }
    return solution(batches, average)
  }

  /// One solve of its own, with the probes of the `exact` march if there is one.
  private func batch(
    _ number: Int, _ exact: [(result: March.Result, probes: Probes)]?,
    _ recorder: MacroscopicRecorder, _ test: TestQuantities, _ inner: ParallelFor,
    _ onStep: @escaping @Sendable () throws -> Void
  ) throws -> Batch {
    let paths = try plans.enumerated().map { path, plan in
      let batch = plan.dynamics.path * plan.batches + number
      if let exact {
        return try plan.probed(exact[path].result, exact[path].probes, batch, inner, onStep)
      }
      let result = try plan.march(batch, keepsKernels: keepsKernels, inner, onStep)
      return try plan.probed(result, plan.probes(of: result), batch, inner, onStep)
    }
    return Batch(
      recording: .mean(of: paths.map { recording($0, recorder, test) }),
      histogram: WeightHistogram(meanOf: paths.compactMap(\.histogram)),
      frame: paths.compactMap(\.frame).max { $0.rows < $1.rows }.map { frame in
        Solution.FrameDiagnostics(
          rows: frame.rows, width: frame.resolution.width, degree: frame.resolution.degree,
          largestLoss: paths.compactMap { $0.frame?.largestLoss }.max() ?? 0)
      },
      kernels: exact == nil && keepsKernels ? paths[0].kernels : nil,
      aging: paths[0].aging.indices.map { index in
        AgingCurve(meanOf: paths.map { $0.aging[index] })
      })
  }

  private func recording(
    _ result: March.Result, _ recorder: MacroscopicRecorder, _ test: TestQuantities
  ) -> Recording {
    guard let flow = problem.timing.flow, let scheme = plan.scheme else {
      return result.recording(recorder, test)
    }
    return result.recording(recorder, test, flow, scheme)
  }

  private func solution(_ batches: [Batch], _ average: KernelAverage?) -> Solution {
    let recordings = batches.map(\.recording)
    let histograms = batches.compactMap(\.histogram)
    let curves = Curve.mean(of: recordings)
    let errors = curves.flatMap { $0.estimates.map(\.standardError) }
    return Solution(
      curves: curves,
      recordings: recordings,
      weightDensities: histograms.isEmpty ? nil : WeightHistogram.mean(of: histograms),
      kernels: average?.mean,
      kernelErrors: plan.isClosed ? nil : average?.standardError,
      aging: plan.waiting == nil ? nil : Aging(solves: batches.map(\.aging)),
      diagnostics: Solution.Diagnostics(
        sampleSite: description(closed: plan.closesSamples, probed: plan.probesSamples),
        weightSite: description(closed: plan.closesWeights, probed: plan.probesWeights),
        trajectories: plan.samplesAnything ? settings.sampling.trajectories : 0,
        batches: recordings.count,
        largestStandardError: errors.max() ?? 0,
        notes: notes(curves, average) + frameNotes(batches),
        frame: batches.compactMap(\.frame).max { $0.rows < $1.rows }.map {
          Solution.FrameDiagnostics(
            rows: $0.rows, width: $0.width, degree: $0.degree,
            largestLoss: batches.compactMap { $0.frame?.largestLoss }.max() ?? 0)
        }))
  }

  private func description(closed: Bool, probed: Bool) -> String {
    closed ? probed ? "closed, with a sampled probe" : "closed" : "ensemble"
  }
}
