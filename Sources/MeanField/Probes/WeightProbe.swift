internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Sampled weights that follow the kernels of a finished march, for what needs their distribution:
/// such as absolute and net change and the histogram under a weight mask. `[sampling.weightprobe]`
struct WeightProbe: Sendable {
  /// What closed equations leave open, at times 0...T, means over units.
  let changes: [WeightValues]
  /// The weights at the last time.
  let histogram: WeightHistogram

  /// Quantities that probes measure at most: absolute and net change.
  private static let mostOpen = 2

  /// Bytes of one group at work, and of what all groups find.
  static func bytes(
    _ dynamics: Dynamics, _ settings: TheorySettings
  ) -> (group: Double, found: Double) {
    let (rows, width) = (dynamics.hiddenUnits * dynamics.grid.steps, ProbeGroups.width)
    let number = ProbeGroups.number(settings.sampling.trajectories, width: width)
    let weights = (4 + 8) * Double(settings.sampling.trajectories) * Double(dynamics.hiddenUnits)
    return (
      BlockedHistory.bytes(rows: dynamics.signalDirections + rows, width: width)
        + BlockedHistory.bytes(rows: rows, width: width),
      Double(number) * Double(mostOpen * rows) * ControlledSums.bytes + weights
    )
  }

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
    let means = kernels.open.indices.map { index in
      ProbeGroups.means(groups.map { $0.changes[index] })
    }
    var changes = [WeightValues.zero]
    // [quantity][k], summed over the steps; the first are the mean lengths of the ways.
    var totals = kernels.open.map { _ in [Double](repeating: 0, count: units) }
    for t in 0..<steps {
      var now = WeightValues()
      for (index, quantity) in kernels.open.enumerated() {
        for k in 0..<units {
          let n = t * units + k
          let deviations = kernels.deviations(n)
          switch quantity.span {
          case .step, .memory:
            totals[index][k] += means[index][n].estimate(deviations: deviations.step)
          case .sinceStart:
            totals[index][k] = means[index][n].estimate(
              deviations: deviations.sinceStart, means: SIMD3(0, 0, totals[0][k]))
          }
        }
        now[quantity.quantity] = totals[index].reduce(0, +) / Double(units)
      }
      changes.append(now)
    }
    self.changes = changes
    histogram = WeightHistogram(
      weights: (0..<units).map { k in groups.flatMap { $0.weights[k].map { Double($0) } } })
  }
}
