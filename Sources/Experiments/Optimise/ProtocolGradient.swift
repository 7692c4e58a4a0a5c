internal import LearningProblem
internal import NumericalKit

struct ProtocolGradient: Sendable {
  init?(of problem: Problem, _ goal: ProtocolGoal, _ controls: [ControlVariable]) { return nil }

  func evaluation(
    _ problem: Problem, _ family: ProtocolFamily, _ positions: [Double]
  ) throws -> BoundedMinimisation.Evaluation {
    preconditionFailure("no gradients")
  }
}
