internal import LearningProblem
internal import MeanField
internal import NumericalKit
internal import Observables

/// A goal and its derivatives by the controls at each step, from one march and its adjoint.
/// `[gradient.adjoint]`
struct ProtocolGradient: Sendable {
  private let goal: ProtocolGoal

  /// Nil where the march of a problem has no adjoint for this goal and these controls.
  init?(of problem: Problem, _ goal: ProtocolGoal, _ controls: [ControlVariable]) {
    let keys = Control.allCases.map(\.rawValue)
    guard controls.allSatisfy({ keys.contains($0.key) }),
      let first = try? problem.with({ $0.timing = .steps($0.timing.grid.first(1)) }),
      let adjoint = try? ClosedAdjoint(first)
    else { return nil }
    let names = adjoint.observables.map(\.name)
    guard goal.terms.allSatisfy({ names.contains($0.name) }) else { return nil }
    self.goal = goal
  }

  /// The goal of a protocol; throws what its march throws.
  func evaluation(
    _ problem: Problem, _ family: ProtocolFamily, _ positions: [Double]
  ) throws -> BoundedMinimisation.Evaluation {
    let adjoint = try ClosedAdjoint(problem)
    let step = goal.step(of: family.steps)
    func value(
      _ terms: [ProtocolGoal.Term], minus limit: Double
    ) throws -> BoundedMinimisation.Value {
      let sum = ObservedSum(
        terms.compactMap { term in
          adjoint.observables.first { $0.name == term.name }.map {
            ObservedSum.Term($0, at: step, times: term.price)
          }
        })
      let gradient = try adjoint.gradient(of: sum)
      let derivatives = family.controls.map { gradient.derivatives(by: $0.key, steps: family.steps) }
      return .init(
        gradient.value - limit, gradient: family.gradient(derivatives, at: positions))
    }
    return BoundedMinimisation.Evaluation(
      objective: try value(goal.objective, minus: 0),
      inequalities: try goal.limits.map { try value($0.terms, minus: $0.value) })
  }
}

extension ControlGradient {
  /// The derivatives by a control of each step.
  fileprivate func derivatives(by key: String, steps: Int) -> [Double] {
    switch Control(rawValue: key) {
    case .learningRate: learningRate
    case .weightDecay: weightDecay
    case .sampleDensity: sampleDensity ?? Array(repeating: 0, count: steps)
    case .weightDensity: weightDensity
    case nil: preconditionFailure("no derivatives by \(key)")
    }
  }
}
