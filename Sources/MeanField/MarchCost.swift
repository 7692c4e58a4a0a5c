internal import LearningProblem
internal import Observables

/// Is told what a march is about to take, before it begins.
public typealias CostReport = @Sendable (MarchCost) -> Void

/// What a march and all batches of it take.
///
/// Only what grows fastest counts, as each site reads its past once a step: over n rows of the past
/// and K hidden units 8 n² for closed samples, 4 g K (K n)² for closed weights that integrate g
/// gradients (twice with switches that remember), 8 N K² n for N trajectories of a sampled site.
/// With a row per step n is the number of the step, in a frame its typical number of rows.
public struct MarchCost: Sendable {
  /// Steps of the march, or points of an integration.
  public let steps: Int
  /// Multiplications and additions, right to a factor of about two.
  public let operations: Double
  /// What makes them fewer, in keys that the problem has.
  public let advice: String

  init(_ plans: [SitePlan]) {
    let plan = plans[0]
    steps = plan.dynamics.grid.steps
    let march = Self.closed(plan) + Self.sampled(plan)
    let batches = Double(plan.batches)
    let once = plan.isClosed ? march : batches * march
    operations = Double(plans.count) * (once + batches * Self.probes(plan))
    advice = Self.advice(plan)
  }

  /// Σ over the steps of the rows that stand behind each, to a power.
  private static func rows(_ plan: SitePlan, power: Int) -> Double {
    let steps = Double(plan.dynamics.grid.steps)
    let rows = plan.frame.map { min($0.resolution.typicalRows(steps: steps), steps) } ?? steps
    let (square, cube) = (rows * rows, rows * rows * rows)
    return power == 1
      ? square / 2 + (steps - rows) * rows : cube / 3 + (steps - rows) * square
  }

  private static func closed(_ plan: SitePlan) -> Double {
    let units = Double(plan.dynamics.hiddenUnits)
    let switches = plan.dynamics.weightSwitches
    let remembers = plan.scheme == nil && !switches.isDrawnAnew
    let gradients = Double(plan.scheme?.steps.last?.gradients.count ?? 1)
    let ofWeights = 4 * gradients * units * units * units * (remembers ? 2 : 1)
    return rows(plan, power: 2)
      * ((plan.closesSamples ? 8 * Double(plan.sampleSites.count) : 0)
        + (plan.closesWeights ? ofWeights : 0))
  }

  private static func ofTrajectories(_ plan: SitePlan) -> Double {
    let units = Double(plan.dynamics.hiddenUnits)
    return 8 * Double(plan.settings.sampling.trajectories) * units * units * rows(plan, power: 1)
  }

  private static func sampled(_ plan: SitePlan) -> Double {
    ofTrajectories(plan) * ((plan.closesSamples ? 0 : 1) + (plan.closesWeights ? 0 : 1))
  }

  private static func probes(_ plan: SitePlan) -> Double {
    ofTrajectories(plan) * ((plan.probesSamples ? 1 : 0) + (plan.probesWeights ? 1 : 0))
  }

  private static func advice(_ plan: SitePlan) -> String {
    let problem = plan.dynamics.problem
    var keys: [String]
    if let flow = problem.timing.flow {
      keys = ["a longer time.step", "a shorter time.duration"]
      if flow.tolerance != nil { keys.insert("a larger time.tolerance", at: 0) }
      if flow.growth == 0, problem.rule.sampleMask.averagesOut, plan.dynamics.steepness != nil {
        keys.insert("time.growth: 0.1", at: 0)
      }
    } else {
      keys = ["fewer steps"]
      if plan.frame == nil, plan.obstacle == nil { keys.append("theory.history: compressed") }
    }
    if plan.samplesAnything { keys.append("fewer theory.trajectories or theory.batches") }
    return keys.count == 1
      ? keys[0] : keys.dropLast().joined(separator: ", ") + " or " + keys[keys.count - 1]
  }
}
