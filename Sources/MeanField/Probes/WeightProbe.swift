internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Sampled weights that follow the kernels of a finished march, for what needs their distribution:
/// absolute and net change and the histogram under a weight mask. `[sampling.weightprobe]`
struct WeightProbe: Sendable {
  /// What the distribution of the weights tells of energies.
  struct Changes: Sendable {
    /// Σ over steps of the mean |change|.
    var absolute = 0.0
    /// Mean |change since the start|.
    var net = 0.0
  }

  /// At times 0...T, means over units.
  let changes: [Changes]
  /// The weights at the last time.
  let histogram: WeightHistogram

  /// Draws N coordinates of batch `batch` in groups and follows them; `onStep` is told T steps.
  init(
    _ dynamics: Dynamics, _ settings: TheorySettings, _ kernels: Kernels, batch: Int,
    parallel: ParallelFor, onStep: @escaping @Sendable () throws -> Void
  ) throws {
    let (steps, units) = (dynamics.grid.steps, dynamics.hiddenUnits)
    let groups = try ProbeGroups.follow(
      settings.sampling.trajectories, width: ProbeGroups.width, steps: steps,
      parallel: parallel, onStep: onStep
    ) { number, members in
      var group = WeightGroup(
        dynamics, kernels, seed: settings.sampling.seed, index: UInt64(batch << 24 | number),
        width: members.count)
      return group.follow()
    }
    let sizes = ProbeGroups.means(groups.map(\.sizes))
    let distances = ProbeGroups.means(groups.map(\.distances))
    var changes = [Changes()]
    var ways = [Double](repeating: 0, count: units)  // mean Σ |change| of each unit
    for t in 0..<steps {
      var net = 0.0
      for k in 0..<units {
        let n = t * units + k
        let deviations = kernels.deviations(n)
        ways[k] += sizes[n].estimate(deviations: deviations.size)
        net += distances[n].estimate(
          deviations: deviations.distance, means: SIMD3(0, 0, ways[k]))
      }
      changes.append(
        Changes(absolute: ways.reduce(0, +) / Double(units), net: net / Double(units)))
    }
    self.changes = changes
    histogram = WeightHistogram(
      weights: (0..<units).map { k in groups.flatMap { $0.weights[k].map { Double($0) } } })
  }
}
