/// Whether time goes in the steps of the rule, or is continuous. `[problem.time]` `[flow.limit]`
public enum Timing: Sendable {
  /// The steps of the learning rule themselves.
  case steps(TimeGrid)
  /// Their limit of size 0 at fixed time.
  case flow(Flow)

  /// `count` >= 1 steps of the size `learningRate` > 0.
  public static func steps(_ count: Int, learningRate: Double) -> Timing {
    .steps(count, learningRate: .constant(learningRate))
  }

  /// `count` >= 1 steps of sizes > 0.
  public static func steps(_ count: Int, learningRate: Schedule) -> Timing {
    .steps(TimeGrid(learningRate: learningRate, steps: count))
  }

  /// The steps of the rule, or those between the finest results of a flow.
  public var grid: TimeGrid {
    switch self {
    case .steps(let grid): grid
    case .flow(let flow): TimeGrid(ofFlow: flow.step, steps: flow.steps, duration: flow.duration)
    }
  }

  /// The flow; nil if time goes in steps.
  public var flow: Flow? {
    switch self {
    case .steps: nil
    case .flow(let flow): flow
    }
  }
}
