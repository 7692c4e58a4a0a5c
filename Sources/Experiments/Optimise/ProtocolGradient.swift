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
    self.goal = goal
    guard
      let gradient = try? adjoint.gradient(of: Self.sum(goal.terms, in: adjoint, at: 1)),
      controls.allSatisfy({ gradient.derivatives(by: $0.key) != nil })
    else { return nil }
  }

  /// A sum of terms at a step; throws `SolverError.unsupported` where it has no derivatives.
  private static func sum(
    _ terms: [ProtocolGoal.Term], in adjoint: ClosedAdjoint, at step: Int
  ) throws -> ObservedSum {
    ObservedSum(
      try terms.map { term in
        guard let known = adjoint.observables.first(where: { $0.name == term.name }) else {
          throw SolverError.unsupported(
            what: "the gradient of \(term.name)", instead: "--method cobyla")
        }
        return ObservedSum.Term(known, at: step, times: term.price)
      })
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
      let gradient = try adjoint.gradient(of: Self.sum(terms, in: adjoint, at: step))
      let derivatives = try family.controls.map { control in
        guard let known = gradient.derivatives(by: control.key) else {
          throw SolverError.unsupported(
            what: "a gradient by \(control.key)", instead: "--method cobyla")
        }
        return known
      }
      return .init(
        gradient.value - limit, gradient: family.gradient(derivatives, at: positions))
    }
    return BoundedMinimisation.Evaluation(
      objective: try value(goal.objective, minus: 0),
      inequalities: try goal.limits.map { try value($0.terms, minus: $0.value) })
  }
}

extension ControlGradient {
  /// The derivatives by a control of each step; nil where they are not known.
  fileprivate func derivatives(by key: String) -> [Double]? {
    switch Control(rawValue: key) {
    case .learningRate: learningRate
    case .weightDecay: weightDecay
    case .sampleDensity: sampleDensity
    case .weightDensity: weightDensity
    case nil: nil
    }
  }
}
