internal import LearningProblem
internal import NumericalKit
internal import Observables

/// A march whose sites are both closed, with all that its adjoint reads. `[gradient.adjoint]`
struct ClosedMarch: Sendable {
  let dynamics: Dynamics
  /// Each site of samples, and what it sees of the weights.
  let samples: [SampleTables]
  /// Each group of weights; one where all are alike.
  let groups: [Group]
  private let weights: WeightKernels
  let recording: Recording

  /// A group of weights, and how samples and observables see it.
  struct Group: Sendable {
    /// ρ.
    let share: Double
    /// f of each site of samples.
    let variances: [Double]
    /// L, P rows of P.
    let root: [[Double]]
    /// L', P rows of P.
    let inputRoot: [[Double]]
    let tables: WeightTables
  }

  /// Marches through a problem that `check` lets pass.
  init(_ plan: SitePlan, _ parallel: ParallelFor) throws {
    dynamics = plan.dynamics
    let (result, sites) = try plan.closedMarch(parallel)
    weights = result.weights
    recording = result.recording(
      MacroscopicRecorder(plan.dynamics), TestQuantities(plan.dynamics))
    let clusters = plan.dynamics.hasShapes ? result.clusters : []
    samples = sites.enumerated().map { index, site in
      clusters.isEmpty
        ? SampleTables(site, share: 1, result.weights)
        : SampleTables(
          site, share: clusters[index].probability,
          result.weights.clusters[clusters[index].cluster])
    }
    let identity = (0..<plan.dynamics.signalDirections).map { p in
      (0..<plan.dynamics.signalDirections).map { $0 == p ? 1.0 : 0 }
    }
    groups =
      result.groups.isEmpty
      ? [
        Group(
          share: 1, variances: [1], root: identity, inputRoot: identity,
          tables: WeightTables(result.weights, result.samples, plan.dynamics))
      ]
      : result.groups.map { history in
        let group = history.group
        return Group(
          share: group.share,
          variances: clusters.isEmpty
            ? [group.variance] : clusters.map { group.variance(ofCluster: $0.cluster) },
          root: group.root, inputRoot: group.inputRoot,
          tables: WeightTables(history.weights, history.samples, plan.dynamics))
      }
  }

  /// Bytes of the march and of all that is kept of it, at the biggest moment.
  static func bytes(_ plan: SitePlan) -> Double {
    let (steps, remembers) = (plan.dynamics.grid.steps, !plan.dynamics.weightSwitches.isDrawnAnew)
    return MarchMemory(plan).march
      + Double(plan.sampleSites.count) * SampleTables.bytes(steps: steps)
      + Double(plan.weightSites) * WeightTables.bytes(steps: steps, remembers: remembers)
  }

  /// Why the adjoint does not cover a problem whose steps, sites and data would allow it; throws
  /// `SolverError.unsupported`.
  static func check(_ dynamics: Dynamics) throws {
    func refused(_ what: String, _ instead: String) -> SolverError {
      .unsupported(what: "the adjoint of \(what)", instead: "\(instead), or central differences")
    }
    try dynamics.problem.requireSteps()
    let rule = dynamics.rule
    let site = dynamics.hasShapes ? dynamics.within(cluster: 0) : dynamics
    guard ClosedSampleSite.applies(to: site) else {
      let problem = dynamics.problem
      let obstacle: (what: String, instead: String) =
        if !(problem.network is Perceptron) {
          ("network \(problem.network.kind)", "network perceptron")
        } else if !(problem.loss is SquareLoss) {
          ("loss \(problem.loss.kind)", "loss square")
        } else if rule.update.learnsFromErrorsOnly {
          ("update \(rule.update.kind)", "update plain")
        } else if !site.data.hasCommonVariance {
          ("clusters of different Δ", "one Δ, with inputs.variances for each cluster")
        } else {
          (
            "a \(rule.sampleMask.kind) mask of samples",
            "a mask that is full, independent, persistent or epoch"
          )
        }
      throw refused(obstacle.what, obstacle.instead)
    }
    guard ClosedWeightSite.applies(to: dynamics), rule.weightMask.units == .all else {
      throw refused(
        "update \(rule.update.kind) under a \(rule.weightMask.kind) weight mask",
        "update plain and a weight mask that is full, independent, persistent, frozen or column")
    }
    guard dynamics.data.teacher == nil else {
      throw refused("data \(dynamics.data.kind)", "labels that are those of the clusters")
    }
    guard rule.dropout.isNone else {
      throw refused("dropout \(rule.dropout.inputs)", "dropout.inputs 0")
    }
  }

  // MARK: What is observed

  private static let quantities: Set<Quantity> = [
    .trainingLoss, .trainingError, .testLoss, .testError, .magnetisation, .norm, .writes,
    .absoluteChange, .squaredChange, .netChange, .inefficiency, .activity,
    .samplesUsed,
  ]

  /// The observables whose derivatives are known.
  var known: [Observable] {
    recording.observables.filter { Self.quantities.contains($0.quantity) }
  }

  /// Whether the derivatives of an observable are known.
  func knows(_ observable: Observable) -> Bool { known.contains(observable) }

  /// The value of an observable that is known.
  func value(_ observable: Observable, at step: Int) -> Double {
    recording.values(observable)[step].value
  }

  /// The groups that an observable is a mean over, with their shares.
  func shares(_ observable: Observable) -> [(group: Int, share: Double)] {
    observable.group.map { [($0, 1)] } ?? groups.enumerated().map { ($0, $1.share) }
  }

  /// Whether weights are those of principal axes, of which inputs are mixtures. `[inputs.axes]`
  var mixes: Bool { dynamics.groups?.basis == .axes }

  /// m_p(t) that the fields see.
  func seenOverlaps(at t: Int) -> [Double] { weights.magnetisation[t][0] }

  /// The number of the site of a cluster's samples.
  func site(ofCluster a: Int) -> Int {
    guard dynamics.hasShapes else { return 0 }
    return dynamics.data.clusters[..<a].count { $0.probability > 0 }
  }

  /// The mean square change of each step and group, without switches. Cost O(T³).
  var squaredChanges: [[Double]] {
    (0..<dynamics.grid.steps).map { t in
      let rate = dynamics.rate(at: t)
      return groups.map { rate * rate * $0.tables.power(t) }
    }
  }

  /// The mean square change of a group since the start.
  func displacement(_ group: Int, at t: Int) -> Double {
    let correlation = groups[group].tables.correlation
    return correlation[t, t] + correlation[0, 0] - 2 * correlation[t, 0]
  }
}
