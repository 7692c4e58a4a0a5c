internal import LearningProblem
internal import NumericalKit
internal import Observables

/// What one march of a plan and its probes hold, in bytes.
///
/// Only what grows with steps, hidden units and trajectories counts. The largest parts are the
/// histories, O(N K T), and kernels of two times, 8 (K T)² each.
struct MarchMemory {
  /// While the two sites march, at the biggest moment.
  let march: Double
  /// The four kernels that a march leaves behind.
  let kernels: Double
  /// While what the probes follow is made of these kernels.
  let makingProbes: Double
  /// What the probes follow.
  let probes: Double
  /// One group of a probe at work, of the larger probe.
  let group: Double
  /// What all groups of the larger probe found.
  let found: Double

  init(_ plan: SitePlan) {
    let dynamics = plan.dynamics
    let (units, rows) = (dynamics.hiddenUnits, plan.rows)
    func kernel(_ times: Int, units: Int) -> Double {
      TwoTimeKernel.bytes(units: units, capacity: times)
    }
    let late = kernel(rows + 1, units: units)
    let early = kernel(rows, units: units)
    let marching = 2 * late + 2 * early
    let isFramed = plan.frame != nil
    let seen = dynamics.hasShapes ? Double(dynamics.data.clusters.count) * 2 * late : 0
    kernels =
      isFramed
      ? 4 * kernel(min(plan.settings.kernelTimes, dynamics.grid.steps + 1), units: units)
      : marching + seen

    let samples: (making: Double, held: Double) =
      plan.closesSamples
      ? (0, (isFramed ? 4 : 2) * Double(plan.sampleSites.count) * kernel(rows, units: 1))
      : plan.sampleSites.reduce((0, 0)) { sum, site in
        let own = EnsembleSampleSite.bytes(
          site.dynamics, site.settings, rows: rows, isFramed: isFramed)
        return (max(sum.0, sum.1 + own.making), sum.1 + own.held)
      }
    let remembers =
      plan.scheme == nil && !dynamics.weightSwitches.isDrawnAnew
    let weights: (making: Double, held: Double) =
      plan.closesWeights
      ? (0, (remembers ? 2 * late : 0) + (isFramed ? (remembers ? 3 : 2) * late : 0))
      : EnsembleWeightSite.bytes(dynamics, plan.settings, rows: rows, isFramed: isFramed)
    let weightSites = Double(plan.closesWeights ? plan.weightSites : 1)
    march = max(
      samples.making, samples.held + weightSites * weights.making,
      samples.held + weightSites * weights.held + marching + seen + (isFramed ? kernels : 0)
        + (plan.dynamics.groups == nil ? 0 : Double(plan.weightSites) * marching))

    let groups = [
      plan.probesSamples ? SampleProbe.bytes(dynamics, plan.settings) : nil,
      plan.probesWeights ? WeightProbe.bytes(dynamics, plan.settings) : nil,
    ].compactMap { $0 }
    group = groups.map(\.group).max() ?? 0
    found = groups.map(\.found).max() ?? 0
    let followed = [
      plan.probesSamples ? SampleProbe.Kernels.bytes(dynamics) : nil,
      plan.probesWeights ? WeightProbe.Kernels.bytes(dynamics) : nil,
    ].compactMap { $0 }
    // One is made after the other; weights of groups follow kernels of their own.
    var (held, most) = (0.0, 0.0)
    for (index, part) in followed.enumerated() {
      let isOfWeights = plan.probesWeights && index == followed.count - 1
      let count = Double(isOfWeights ? plan.weightSites : plan.sampleSites.count)
      most = max(most, held + (count - 1) * part.held + part.making)
      held += count * part.held
    }
    (probes, makingProbes) = (held, most)
  }
}
