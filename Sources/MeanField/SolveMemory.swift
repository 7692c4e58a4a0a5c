internal import LearningProblem
internal import NumericalKit
internal import Observables

/// What a whole solve holds at its biggest moment, in bytes: marches, probes, averages of kernels,
/// and these in the form of files.
struct SolveMemory {
  private let plan: SitePlan
  private let march: MarchMemory
  private let paths: Double
  private let keepsKernels: Bool
  private let threads: Int

  init(_ plans: [SitePlan], keepsKernels: Bool, threads: Int) {
    plan = plans[0]
    march = MarchMemory(plan)
    paths = Double(plans.count)
    self.keepsKernels = keepsKernels
    self.threads = threads
  }

  /// Of that many batches at once.
  func bytes(batchesAtOnce: Int) -> Double {
    let groupsAtOnce = batchesAtOnce > 1 ? 1 : threads
    let probing = Double(groupsAtOnce) * march.group + march.found * Double(plan.weightSites)
    let batches = Double(batchesAtOnce)
    let kernels = march.kernels
    guard plan.isClosed else {
      // Of sampled kernels there are means and squared deviations; while a batch is added to them
      // three single ones more; at the end solution, errors and tables.
      let averages = keepsKernels ? 2 * kernels : 0
      let batch = max(
        march.march, kernels + march.makingProbes, kernels + march.probes + probing)
      let adding = keepsKernels ? averages + kernels + batches * kernels : 0
      return recordings + max(averages + batches * batch, adding, 2 * averages)
    }
    let exact = paths * kernels
    let followed = paths * march.probes
    let averages = keepsKernels ? kernels : 0
    let marching = (paths - 1) * (kernels + march.probes)
    return recordings
      + max(
        marching + march.march, marching + kernels + march.makingProbes,
        exact + followed + averages + batches * probing,
        exact + followed + 2 * averages)
  }

  /// Of the solution, with its kernels and their errors.
  var solution: Double {
    recordings + (keepsKernels ? (plan.isClosed ? 1 : 2) * march.kernels : 0)
  }

  /// What is measured at each step in every batch, and its mean.
  private var recordings: Double {
    Recording.bytes(rows: plan.dynamics.grid.steps + 1) * Double(plan.batches + 1)
  }

  /// What to lower, in keys that the problem has.
  var advice: String {
    var keys = [
      plan.scheme == nil
        ? "fewer steps" : "a shorter time.duration or a longer time.step"
    ]
    if plan.samplesAnything { keys.append("fewer theory.trajectories") }
    if keepsKernels { keys.append("--no-kernels") }
    return keys.count == 1
      ? keys[0] : keys.dropLast().joined(separator: ", ") + " or " + keys[keys.count - 1]
  }
}
