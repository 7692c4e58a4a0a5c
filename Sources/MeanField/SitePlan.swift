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
      (sites == .auto || sites == .closed)
      && ClosedSampleSite.applies(
        to: dynamics.hasShapes ? dynamics.within(cluster: 0) : dynamics)
    closesWeights =
      scheme != nil || sites != .ensembleBoth && ClosedWeightSite.applies(to: dynamics)
    let asksForAll = sites != .closed && waiting == nil
    // Of inputs that are mixtures of all axes there are no samples.
    let mixes = dynamics.groups?.basis == .axes
    let opensWeights =
      closesWeights && asksForAll && !dynamics.weightSwitches.isFull && !mixes
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
    let isClosed = closesSamples && closesWeights
    let tolerance =
      settings.historyTolerance
      ?? (isClosed ? 1e-5 : 0.01 / Double(settings.sampling.trajectories).squareRoot())
    frame =
      obstacle == nil && (settings.history == .compressed || isLong)
      ? HistoryFrame(
        HistoryFrame.Resolution(
          tolerance: tolerance, missing: isClosed ? tolerance : tolerance.squareRoot()),
        steps: dynamics.grid.steps, pinned: (waiting?.pinned ?? []).union([0]))
      : nil
    probesWeights = opensWeights && frame == nil
    probesSamples = opensSamples && frame == nil
    leavesOpen = (opensWeights || opensSamples) && frame != nil
    if mixes { try Self.checkAxes(dynamics, closesWeights: closesWeights) }
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

  /// Which learning rules act on principal axes as they do on inputs. `[inputs.axes]`
  private static func checkAxes(_ dynamics: Dynamics, closesWeights: Bool) throws {
    func refused(_ what: String, _ instead: String) -> SolverError {
      .unsupported(
        what: "a theory of \(what) with inputs.basis: axes",
        instead: "\(instead), inputs.basis: inputs, or `dmft train`")
    }
    let (rule, switches) = (dynamics.rule, dynamics.weightSwitches)
    guard rule.update.isLinear else {
      throw refused("update.kind: \(rule.update.kind)", "update.kind: plain")
    }
    guard switches.isDrawnAnew else {
      throw refused(
        "weight_mask.kind: \(rule.weightMask.kind)", "weight_mask.kind: independent or full")
    }
    guard closesWeights else {
      throw refused("theory.sites: ensemble-both", "theory.sites: auto")
    }
  }

  /// The numbers of the clusters that have sample sites of their own; nil for the one of all.
  private var clusters: [Int?] {
    dynamics.hasShapes ? ClusterHistory.present(dynamics).map(\.cluster) : [nil]
  }

  /// The dynamics and settings of each ordinary sample site.
  var sampleSites: [(dynamics: Dynamics, settings: TheorySettings)] {
    clusters.map { cluster in
      cluster.map { (dynamics.within(cluster: $0), settings(ofCluster: $0)) }
        ?? (dynamics, settings)
    }
  }

  /// How many ordinary weight sites there are.
  var weightSites: Int { dynamics.groups?.groups.count ?? 1 }

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

  /// How often a batch goes through all steps: its march, unless all share one, and probes.
  var marchesOfBatch: Int {
    (isClosed ? 0 : 1) + (probesWeights ? weightSites : 0)
      + (probesSamples ? sampleSites.count : 0)
  }

  /// The weight site of inputs that are alike.
  private func ordinarySite(
    _ dynamics: Dynamics, _ settings: TheorySettings, _ batch: Int, _ parallel: ParallelFor
  ) -> any GroupSite {
    if let scheme { return FlowWeightSite(dynamics, scheme) }
    guard closesWeights else {
      return EnsembleWeightSite(
        dynamics, settings, frameRows: frameRows, batch: batch, parallel: parallel)
    }
    return ClosedWeightSite(
      dynamics, frameRows: frameRows, samplesAreSampled: !closesSamples,
      sharesNoise: self.dynamics.groups?.basis == .axes)
  }

  /// The site of all samples.
  private func sampleSite(_ batch: Int, _ parallel: ParallelFor) -> any SampleSite {
    func closed(_ dynamics: Dynamics) -> ClosedSampleSite {
      ClosedSampleSite(dynamics, frameRows: frameRows)
    }
    func sampled(
      _ dynamics: Dynamics, _ settings: TheorySettings, _ batch: Int
    ) -> EnsembleSampleSite {
      EnsembleSampleSite(
        dynamics, settings, frameRows: frameRows, batch: batch, parallel: parallel)
    }
    guard dynamics.hasShapes else {
      return closesSamples ? closed(dynamics) : sampled(dynamics, settings, batch)
    }
    return closesSamples
      ? ClusteredSampleSite(dynamics) { own, _ in closed(own) }
      : ClusteredSampleSite(dynamics) { own, cluster in
        sampled(own, settings(ofCluster: cluster), number(batch, ofGroup: cluster))
      }
  }

  /// The settings with a group's part of the trajectories, and at least as many as it needs.
  /// `[inputs.shares]`
  func settings(ofGroup group: Int) -> TheorySettings {
    guard let groups = dynamics.groups else { return settings }
    var own = settings
    let least = 2 * EnsembleWeightSite.noiseRows(dynamics, rows: rows) + 1
    own.sampling.trajectories = max(
      groups.counts(of: settings.sampling.trajectories)[group],
      closesWeights ? ProbeGroups.width : least)
    return own
  }

  /// The settings with a cluster's part π of the trajectories, and at least as many as it needs.
  /// `[inputs.clusters]`
  private func settings(ofCluster cluster: Int) -> TheorySettings {
    var own = settings
    let share = dynamics.data.clusters[cluster].probability
    own.sampling.trajectories = max(
      Int((share * Double(settings.sampling.trajectories)).rounded()),
      closesSamples
        ? ProbeGroups.width
        : EnsembleSampleSite.mostFitted(dynamics.within(cluster: cluster), rows: rows) + 1)
    return own
  }

  /// The number of a batch of a group of weights or a cluster of samples, of which its random
  /// numbers are; the first group has those of the batch. Blocks of trajectories append 24 bits.
  func number(_ batch: Int, ofGroup group: Int) -> Int { batch | group << 22 }

  /// One march with the sites of this plan; in a frame it keeps kernels at chosen steps if asked
  /// to.
  func march(
    _ batch: Int, keepsKernels: Bool = false, _ parallel: ParallelFor,
    _ onStep: @escaping @Sendable () throws -> Void
  ) throws -> March.Result {
    var sampleSite = sampleSite(batch, parallel)
    return try march(&sampleSite, batch, keepsKernels: keepsKernels, parallel, onStep)
  }

  /// One march whose sites are closed, and what their tables hold after it. `[gradient.adjoint]`
  func closedMarch(
    _ parallel: ParallelFor
  ) throws -> (result: March.Result, samples: [ClosedSampleSite]) {
    var sampleSite = sampleSite(0, parallel)
    let result = try march(&sampleSite, 0, keepsKernels: false, parallel) {}
    return (result, sampleSite.closed)
  }

  private func march(
    _ sampleSite: inout any SampleSite, _ batch: Int, keepsKernels: Bool, _ parallel: ParallelFor,
    _ onStep: @escaping @Sendable () throws -> Void
  ) throws -> March.Result {
    var weightSite: any WeightSite =
      if let groups = dynamics.groups {
        GroupedWeightSite(
          dynamics, groups, rows: rows,
          // Sampled weights are many pieces of work by themselves.
          parallel: closesWeights ? parallel : ParallelFor(threads: 1)
        ) { ordinarySite($0, settings(ofGroup: $1), number(batch, ofGroup: $1), parallel) }
      } else {
        ordinarySite(dynamics, settings, batch, parallel)
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
      samples: probesSamples ? sampleKernels(result) : [],
      weights: !probesWeights
        ? []
        : result.groups.isEmpty
          ? [WeightProbe.Kernels(dynamics, result.weights, result.samples, result.energy)]
          : result.groups.map { history in
            WeightProbe.Kernels(
              dynamics.within(history.group), history.weights, history.samples, history.energy)
          })
  }

  private func sampleKernels(_ result: March.Result) -> [SampleProbe.Kernels] {
    guard dynamics.hasShapes else {
      let power = (0..<dynamics.grid.steps).map { result.samples.covariance[$0, $0] }
      return [
        SampleProbe.Kernels(dynamics, result.weights, masked: result.masked, power: power)
      ]
    }
    return result.clusters.map { history in
      SampleProbe.Kernels(
        dynamics.within(cluster: history.cluster), result.weights.clusters[history.cluster],
        masked: history.masked, power: history.power)
    }
  }

  /// The same march with what its closed sites leave open.
  func probed(
    _ result: March.Result, _ probes: Probes, _ batch: Int, _ parallel: ParallelFor,
    _ onStep: @escaping @Sendable () throws -> Void
  ) throws -> March.Result {
    let weights = try probes.weights.enumerated().map { group, kernels in
      try WeightProbe(
        dynamics.groups.map { dynamics.within($0.groups[group]) } ?? dynamics,
        settings(ofGroup: group), kernels, batch: number(batch, ofGroup: group),
        parallel: parallel, onStep: onStep)
    }
    let samples = try zip(zip(clusters, sampleSites), probes.samples).map { site, kernels in
      try SampleProbe(
        site.1.dynamics, site.1.settings, kernels, batch: number(batch, ofGroup: site.0 ?? 0),
        parallel: parallel, onStep: onStep)
    }
    return result.probed(samples, weights)
  }
}

extension Dynamics {
  /// Whether clusters differ in shape, so that each has a sample site of its own.
  /// `[inputs.clusters]`
  var hasShapes: Bool { groups.map { !$0.areShared } ?? false }
}
