internal import LearningProblem
internal import MeanField
internal import NumericalKit
internal import Observables

/// A goal and its derivatives by the controls at each step, from one march and its adjoint.
/// `[gradient.adjoint]`
struct ProtocolGradient: Sendable {
  private let sums: ProtocolSums
  private let controls: [Control]

  /// Nil where the march has no adjoint for these controls and all that is asked for, which `known`
  /// holds for a `problem` of one step.
  init?(
    _ sums: ProtocolSums, _ controls: [ControlVariable], ifKnown known: ObservedSum,
    of problem: Problem
  ) {
    let own = controls.compactMap { Control(rawValue: $0.key) }
    guard own.count == controls.count,
      let gradient = try? ClosedAdjoint(problem).gradient(of: known),
      own.allSatisfy({ $0.derivatives(in: gradient) != nil })
    else { return nil }
    self.sums = sums
    self.controls = own
  }

  /// The goal of a protocol; throws what its march throws.
  func evaluation(
    _ problem: Problem, _ family: ProtocolFamily, _ positions: [Double]
  ) throws -> BoundedMinimisation.Evaluation {
    let adjoint = try ClosedAdjoint(problem)
    func value(_ sum: ObservedSum, minus limit: Double) throws -> BoundedMinimisation.Value {
      let gradient = try adjoint.gradient(of: sum)
      let derivatives = try controls.map { control in
        guard let known = control.derivatives(in: gradient) else {
          throw SolverError.unsupported(
            what: "a gradient by \(control.rawValue)", instead: "--method cobyla")
        }
        return known
      }
      return .init(
        gradient.value - limit, gradient: family.gradient(derivatives, at: positions))
    }
    return BoundedMinimisation.Evaluation(
      objective: try value(sums.objective, minus: 0),
      inequalities: try sums.limits.map { try value($0.sum, minus: $0.value) })
  }
}
