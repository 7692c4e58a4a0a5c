/// The steps of a learning rule and the times at which they happen: t(0) = 0, t(s+1) = t(s) + η(s).
/// `[problem.time]`
///
/// In continuous time a step is one of an integration, and η its size. `[flow.limit]`
public struct TimeGrid: Sendable, Equatable {
  /// η > 0, the step size, as a function of the step.
  public let learningRate: Schedule
  /// T >= 1, the number of steps.
  public let steps: Int
  /// Whether the steps integrate a flow, and are not those of a rule.
  public let isIntegration: Bool

  /// Creates a grid of `steps` >= 1 steps of the size `learningRate` > 0.
  public init(learningRate: Schedule, steps: Int) {
    self.init(learningRate, steps, isIntegration: false)
  }

  /// Creates a grid of `steps` >= 1 steps of the size `step` > 0 that integrate a flow.
  public init(ofFlow step: Double, steps: Int) {
    self.init(.constant(step), steps, isIntegration: true)
  }

  private init(_ learningRate: Schedule, _ steps: Int, isIntegration: Bool) {
    precondition(
      learningRate.value(at: 0) > 0 && steps >= 1,
      "learningRate \(learningRate) must be > 0 and steps \(steps) >= 1")
    self.learningRate = learningRate
    self.steps = steps
    self.isIntegration = isIntegration
  }

  /// η(s), the size of step number `step`, from 0 to T - 1.
  public func rate(at step: Int) -> Double { learningRate.value(at: step) }

  /// t, the sum of the sizes of the steps before `step`.
  public func time(at step: Int) -> Double {
    switch learningRate {
    case .constant(let rate): rate * Double(step)
    }
  }
}
