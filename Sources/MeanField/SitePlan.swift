internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Which sites of a problem are closed, which are sampled, and what that costs.
struct SitePlan: Sendable {
  let dynamics: Dynamics
  let settings: TheorySettings
  /// How time is integrated; nil if the steps themselves are meant.
  let scheme: FlowScheme?
  /// What is watched instead of curves, which needs no probes; nil if nothing is.
  let waiting: WaitingTimes?
  /// Whether the sample site is closed.
  let closesSamples: Bool
  /// Whether the weight site is closed.
  let closesWeights: Bool
  /// Whether sampled weights follow a closed weight site for what needs their distribution.
  let probesWeights: Bool
  /// Whether sampled data points follow a closed sample site for what needs their distribution.
  let probesSamples: Bool
  /// Whether a frame leaves out what probes would find: these follow kernels at all times.
  let leavesOpen: Bool
  /// The frame of the past; nil if each step keeps a row of its own.
  private(set) var frame: HistoryFrame?
  /// Why there can be no frame; nil if there can. `[frame.rows]`
  let obstacle: String?

  /// Steps from which on a frame is faster, whatever is solved.
  private static let longRun = 500

  /// Throws `SolverError.unsupported` for what the theory here does not cover.
  init(
    _ dynamics: Dynamics, _ settings: TheorySettings, scheme: FlowScheme? = nil,
    waiting: WaitingTimes? = nil
  ) throws {
    self.dynamics = dynamics
    self.settings = settings
    self.scheme = scheme
    self.waiting = waiting
    let sites = settings.sites
    closesSamples =
      (sites == .auto || sites == .closed) && ClosedSampleSite.applies(to: dynamics)
    closesWeights =
      scheme != nil || sites != .ensembleBoth && ClosedWeightSite.applies(to: dynamics)
    let asksForAll = sites != .closed && waiting == nil
    let opensWeights = closesWeights && asksForAll && !dynamics.weightSwitches.isFull
    let opensSamples = closesSamples && asksForAll && !dynamics.sampleSwitches.isFull
    obstacle =
      if scheme != nil {
        "a flow"
      } else if settings.response == .tangent {
        "theory.response: tangent"
      } else if !closesSamples && !HistoryPrecision(dynamics).isCovered {
        "a sampled sample site whose mask has hardly any noise (full batches, nearly frozen masks, "
          + "small steps)"
      } else if closesSamples && !closesWeights {
        "sampled weights under a closed sample site (theory.sites: ensemble-both has none)"
      } else {
        nil
      }
    // Probes would be left out. Units may come to do the same: then some of their fields have no
    // noise of their own.
    let isHarmless =
      !opensWeights && !opensSamples
      && (dynamics.hiddenUnits == 1 || closesSamples && closesWeights)
    let isLong =
      settings.history == .auto && dynamics.grid.steps >= Self.longRun && isHarmless
    frame =
      obstacle == nil && (settings.history == .compressed || isLong)
      ? HistoryFrame(
        HistoryFrame.Resolution(
          width: 4, degree: 4,
          tolerance: settings.historyTolerance
            ?? (closesSamples && closesWeights
              ? 1e-5 : 0.01 / Double(settings.sampling.trajectories).squareRoot())),
        steps: dynamics.grid.steps, pinned: (waiting?.pinned ?? []).union([0]))
      : nil
    probesWeights = opensWeights && frame == nil
    probesSamples = opensSamples && frame == nil
    leavesOpen = (opensWeights || opensSamples) && frame != nil
    if sites == .closed, !(closesSamples && closesWeights) {
      throw SolverError.unsupported(
        what: "theory.sites: closed for "
          + (closesSamples
            ? "update \(dynamics.rule.update.kind) under a "
              + "\(dynamics.rule.weightMask.kind) weight mask"
            : "loss \(dynamics.problem.loss.kind) on a \(dynamics.problem.network.kind) network"),
        instead: "theory.sites: auto")
    }
    if !closesSamples { try EnsembleSampleSite.checkSupport(dynamics, settings, rows: rows) }
    if !closesWeights { try EnsembleWeightSite.checkSupport(dynamics, settings, rows: rows) }
  }

  /// The same plan with a frame of that resolution, if it has one.
  func resolved(_ resolution: HistoryFrame.Resolution) -> SitePlan {
    var plan = self
    plan.frame = frame.map {
      HistoryFrame(resolution, steps: dynamics.grid.steps, pinned: $0.pinned)
    }
    return plan
  }

  /// The most rows of a frame; nil if each step keeps its own.
  private var frameRows: Int? { frame == nil ? nil : rows }

  /// The most rows of the past.
  var rows: Int { frame?.mostRows ?? dynamics.grid.steps }

  /// Whether the kernels need no sampling.
  var isClosed: Bool { closesSamples && closesWeights }

  /// Whether anything at all is sampled.
  var samplesAnything: Bool { !isClosed || probesWeights || probesSamples }

  /// Independent solves behind the error bars.
  var batches: Int { samplesAnything ? settings.sampling.batches : 1 }

  /// One march with the sites of this plan; in a frame it keeps kernels at chosen steps if asked
  /// to.
  func march(
    _ batch: Int, keepsKernels: Bool = false, _ parallel: ParallelFor,
    _ onStep: @escaping @Sendable () throws -> Void
  ) throws -> March.Result {
    var sampleSite: any SampleSite =
      closesSamples
      ? ClosedSampleSite(dynamics, frameRows: frameRows)
      : EnsembleSampleSite(
        dynamics, settings, frameRows: frameRows, batch: batch, parallel: parallel)
    var weightSite: any WeightSite =
      if let scheme {
        FlowWeightSite(dynamics, scheme)
      } else if closesWeights {
        ClosedWeightSite(
          dynamics, frameRows: frameRows, samplesAreSampled: !closesSamples)
      } else {
        EnsembleWeightSite(
          dynamics, settings, frameRows: frameRows, batch: batch, parallel: parallel)
      }
    return try March(
      dynamics: dynamics, frame: frame,
      kernelSteps: frame == nil || !keepsKernels
        ? nil : ChosenKernels.steps(settings.kernelTimes, last: dynamics.grid.steps),
      waiting: waiting,
      onStep: onStep
    ).run(
      &sampleSite, &weightSite)
  }

  /// What the probes of this plan follow.
  func probes(of result: March.Result) -> Probes {
    Probes(
      samples: probesSamples ? SampleProbe.Kernels(dynamics, result) : nil,
      weights: probesWeights ? WeightProbe.Kernels(dynamics, result) : nil)
  }

  /// The same march with what its closed sites leave open.
  func probed(
    _ result: March.Result, _ probes: Probes, _ batch: Int, _ parallel: ParallelFor,
    _ onStep: @escaping @Sendable () throws -> Void
  ) throws -> March.Result {
    let weights = try probes.weights.map {
      try WeightProbe(dynamics, settings, $0, batch: batch, parallel: parallel, onStep: onStep)
    }
    let samples = try probes.samples.map {
      try SampleProbe(dynamics, settings, $0, batch: batch, parallel: parallel, onStep: onStep)
    }
    return result.probed(samples, weights)
  }
}
