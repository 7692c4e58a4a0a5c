internal import LearningProblem
internal import MeanField
internal import Observables

/// How an observable at one step depends on the numbers of the learning rule.
struct Sensitivity: Sendable {
  /// What is looked at.
  let observable: Observable
  /// When.
  let step: Int
  /// Its value.
  let value: Estimate
  /// A row for each control and step, or knot of its schedule.
  let entries: [Entry]
  /// Where derivatives come from.
  let method: Method

  /// Where derivatives come from.
  enum Method: Sendable {
    /// Exact. `[gradient.adjoint]`
    case adjoint
    /// Differences with the same random numbers; why there is no adjoint.
    case differences(relativeStep: Double, reason: String)
  }

  /// One number of the learning rule.
  struct Entry: Sendable {
    let control: Control
    /// The step at which it acts, or from which on.
    let step: Int
    /// The time of that step, or the last one where it comes later.
    let time: Double
    /// The number.
    let value: Double
    /// The derivative of the observable by it.
    let derivative: Estimate

    /// The change of the observable per relative change of the number.
    var elasticity: Estimate {
      Estimate(value * derivative.value, standardError: abs(value) * derivative.standardError)
    }
  }

  /// What changing a control everywhere by the same factor does, and where it does most.
  struct Summary: Sendable {
    let control: Control
    /// The change of the observable per relative change of all of them.
    let sum: Estimate
    /// The entry of the largest change.
    let largest: Entry
    /// Whether it is one number for all steps.
    let isSingle: Bool
  }

  /// Whether there are no errors of sampling.
  var isExact: Bool { entries.allSatisfy { $0.derivative.standardError == 0 } }

  /// One for each control, that of the largest sum first.
  var summaries: [Summary] {
    Control.allCases.compactMap { control -> Summary? in
      let own = entries.filter { $0.control == control }
      guard
        let largest = own.max(by: { abs($0.elasticity.value) < abs($1.elasticity.value) })
      else { return nil }
      let squares = own.reduce(0) {
        $0 + $1.elasticity.standardError * $1.elasticity.standardError
      }
      return Summary(
        control: control,
        sum: Estimate(
          own.reduce(0) { $0 + $1.elasticity.value }, standardError: squares.squareRoot()),
        largest: largest, isSingle: own.count == 1)
    }.sorted { abs($0.sum.value) > abs($1.sum.value) }
  }
}

extension Sensitivity {
  /// By the adjoint.
  init(_ gradient: ControlGradient, _ dynamics: Dynamics, _ observable: Observable, at step: Int) {
    self.init(
      observable: observable, step: step, value: Estimate(gradient.value),
      entries: Control.allCases.flatMap { control in
        (control.derivatives(in: gradient) ?? []).enumerated().map { step, derivative in
          Entry(
            control: control, step: step, time: dynamics.grid.time(at: step),
            value: control.value(at: step, in: dynamics), derivative: Estimate(derivative))
        }
      },
      method: .adjoint)
  }
}
