internal import LearningProblem
internal import NumericalKit
internal import Observables

/// Trains in continuous time: dw/dt = -G by the two-step rule of Adams and Bashforth at half the
/// step of the results, anew after every jump of a number. `[flow.adams]` `[schedule.restart]`
///
/// Its error is that of the finer march of the theory, which the standard errors of the theory
/// contain. `[flow.richardson]`
struct FlowIntegrator {
  private static let refinement = 2

  private let dynamics: Dynamics
  private let size: Double
  private let outputs: Set<Int>
  private let restarts: Set<Int>
  private var gradient: [Double] = []
  private var speed: WeightValues?
  /// ∫ E|G| dt over the last step and its like, means over weights.
  private(set) var change = WeightValues()

  /// Nil for a problem whose time goes in steps.
  init?(_ plan: RunPlan) {
    guard let flow = plan.dynamics.problem.timing.flow else { return nil }
    dynamics = plan.dynamics
    size = plan.dynamics.grid.rate(at: 0)
    restarts = Set(plan.dynamics.problem.flowJumps.map { $0 * Self.refinement })
    let every = plan.settings.observeEvery
    outputs = Set(
      flow.outputs.enumerated().filter { $0.offset % every == 0 }
        .map { $0.element * Self.refinement })
  }

  /// The dynamics in the steps that are taken.
  static func dynamics(_ dynamics: Dynamics) throws(Mismatch) -> Dynamics {
    guard let flow = dynamics.problem.timing.flow else { return dynamics }
    return try dynamics.integrated(
      steps: flow.steps * refinement, of: flow.step / Double(refinement))
  }

  /// Whether the state before `step` is a result.
  func isObserved(step: Int) -> Bool { outputs.contains(step) }

  /// The number of a result in steps of the results.
  func result(at step: Int) -> Int { step / Self.refinement }

  /// What stands for G in plain step n: 3/2 G(n) - 1/2 G(n-1), or G(n) where the method starts.
  ///
  /// - Parameter gradient: p G(n). `[schedule.speed]`
  mutating func slope(_ gradient: [Double], at step: Int) -> [Double] {
    if restarts.contains(step) { (self.gradient, self.speed) = ([], nil) }
    var speed = WeightValues()
    speed.add(gradient, .step)
    speed.divide(by: gradient.count)
    var before = self.speed ?? speed
    before.scale(by: -0.5)
    change = speed.inContinuousTime(of: dynamics)
    change.scale(by: 1.5)
    change.add(before)
    change.scale(by: size)
    let previous = self.gradient
    (self.gradient, self.speed) = (gradient, speed)
    guard !previous.isEmpty else { return gradient }
    return gradient.indices.map { 1.5 * gradient[$0] - 0.5 * previous[$0] }
  }
}
