internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Which sites of a problem are closed, which are sampled, and what that costs.
struct SitePlan: Sendable {
  let problem: Problem
  /// How time is integrated; nil if the steps themselves are meant.
  let scheme: FlowScheme?
  /// Whether the sample site is closed.
  let closesSamples: Bool
  /// Whether the weight site is closed.
  let closesWeights: Bool
  /// Whether sampled weights follow a closed weight site for what needs their distribution.
  let probesWeights: Bool
  /// Whether sampled data points follow a closed sample site for what needs their distribution.
  let probesSamples: Bool

  /// Throws `SolverError.unsupported` for what the theory here does not cover.
  init(_ problem: Problem, scheme: FlowScheme? = nil) throws {
    self.problem = problem
    self.scheme = scheme
    let sites = problem.theory.sites
    closesSamples =
      (sites == .auto || sites == .closed) && ClosedSampleSite.applies(to: problem)
    closesWeights =
      scheme != nil || sites != .ensembleBoth && ClosedWeightSite.applies(to: problem)
    probesWeights = closesWeights && sites != .closed && !problem.weightMask.switches.isFull
    probesSamples = closesSamples && sites != .closed && !problem.sampleMask.isFull
    if sites == .closed, !isClosed {
      throw SolverError.unsupported(
        what: "theory.sites: closed for "
          + (closesSamples
            ? "update \(problem.update.kind) under a \(problem.weightMask.kind) weight mask"
            : "loss \(problem.loss.kind) on a \(problem.network.kind) network"),
        instead: "theory.sites: auto")
    }
    if !closesSamples || probesSamples { try EnsembleSampleSite.checkSupport(problem) }
    if !closesWeights || probesWeights { try EnsembleWeightSite.checkSupport(problem) }
  }

  /// Whether the kernels need no sampling.
  var isClosed: Bool { closesSamples && closesWeights }

  /// Whether anything at all is sampled.
  var samplesAnything: Bool { !isClosed || probesWeights || probesSamples }

  /// Independent solves behind the error bars.
  var batches: Int { samplesAnything ? problem.theory.batches : 1 }

  /// Bytes: ten kernels of two times, and the histories of the trajectories.
  var memoryPerBatch: Double {
    let rows = Double(problem.hiddenUnits * (problem.grid.steps + 1))
    let count = rows * Double(problem.theory.trajectories)
    let samples = closesSamples && !probesSamples ? 0 : 12 * count
    let weights = closesWeights && !probesWeights ? 0 : 16 * count
    return 8 * 10 * rows * rows + samples + weights
  }

  /// One march with the sites of this plan.
  func march(
    _ batch: Int, _ parallel: ParallelFor, _ onStep: @escaping @Sendable (Int) -> Void
  ) throws -> March.Result {
    var sampleSite: any SampleSite =
      closesSamples
      ? ClosedSampleSite(problem)
      : EnsembleSampleSite(problem, batch: batch, parallel: parallel)
    var weightSite: any WeightSite =
      if let scheme {
        FlowWeightSite(problem, scheme)
      } else if closesWeights {
        ClosedWeightSite(problem)
      } else {
        EnsembleWeightSite(problem, batch: batch, parallel: parallel)
      }
    return try March(problem: problem, onStep: onStep).run(&sampleSite, &weightSite)
  }

  /// A march with what its closed sites leave open added to it.
  func probed(
    _ result: March.Result, _ batch: Int, _ parallel: ParallelFor, _ onStep: (Int) -> Void
  ) -> March.Result {
    let weights =
      probesWeights
      ? WeightProbe(
        problem, result.samples, result.weights, batch: batch, parallel: parallel, onStep: onStep)
      : nil
    let samples =
      probesSamples
      ? SampleProbe(problem, result.weights, batch: batch, parallel: parallel, onStep: onStep)
      : nil
    return result.probed(samples, weights)
  }
}
