internal import LearningProblem
internal import NumericalKit

/// How one point of an integration of dw/dt = -G follows from earlier ones. `[flow.scheme]`
///
///   w = Σ_i a_i w(i) - Σ_j b_j G(j),   Σ_i a_i = 1.
///
/// Any explicit method is a list of such points, its stages among them. Trained with it, the
/// weights have a two-site theory of their own, exact for any step: the theory inherits the order
/// of the method.
struct LinearStep: Sendable {
  /// A point and its coefficient.
  struct Term: Sendable {
    let point: Int
    let weight: Double
  }
  /// a_i.
  let states: [Term]
  /// b_j, which contain the step.
  let gradients: [Term]

  /// The step of a flow whose gradients have a speed: b_j p(j) in the place of b_j.
  /// `[schedule.speed]`
  func paced(by speed: (Int) -> Double) -> LinearStep {
    LinearStep(
      states: states,
      gradients: gradients.map { Term(point: $0.point, weight: $0.weight * speed($0.point)) })
  }

  /// Σ_i a_i x(i) + Σ_j b_j y(j): what grows at the rate y.
  func advance<Value: Additive>(_ values: [Value], rates: [Value]) -> Value {
    func scaled(_ term: Term, _ values: [Value]) -> Value {
      var value = values[term.point]
      value.scale(by: term.weight)
      return value
    }
    let terms = states.map { scaled($0, values) } + gradients.map { scaled($0, rates) }
    return terms.dropFirst().reduce(into: terms[0]) { $0.add($1) }
  }
}

/// An integration of a flow: all its points, and which of them are results.
struct FlowScheme: Sendable {
  /// `steps[n]` leads to point n + 1 from points 0 ... n.
  let steps: [LinearStep]
  /// The points that are the results of the flow, one per entry of `Flow.outputs`.
  let outputs: [Int]
  /// h, the time between two of its points, where it is the same for all, for switches and response
  /// functions; nil if it grows.
  let step: Double?

  /// The times of all points, stages included: what grows at the rate 1. `[schedule.flow]`
  var times: [Double] {
    let rates = Array(repeating: 1.0, count: steps.count)
    return steps.reduce(into: [0]) { times, step in
      times.append(step.advance(times, rates: rates))
    }
  }

  /// The order of the error in the step.
  static let order = 2

  /// Integrates a flow with 2^`halvings` times as many steps, anew after each of `jumps`, in units
  /// of its step.
  init(_ flow: Flow, halvings: Int, steepest: Double, jumps: Set<Int>) {
    let parts = 1 << halvings
    if flow.growth > 0 {
      self = .chebyshev(flow, parts: parts, steepest: steepest)
    } else {
      self = .adamsBashforth(
        steps: flow.steps * parts, step: flow.step / Double(parts), every: parts,
        restarts: Set(jumps.map { $0 * parts }))
    }
  }

  init(steps: [LinearStep], outputs: [Int], step: Double?) {
    self.steps = steps
    self.outputs = outputs
    self.step = step
  }
}

extension FlowScheme {
  /// What acts on equal steps as a field at the time of `point` that lasts one unit of time, seen
  /// at `end`, two points later or more. `[flow.kernels]`
  ///
  /// The gradient of a point at which the method starts counts half a step, which is centred before
  /// it; that of the point after makes up for both.
  func pulse(at point: Int, until end: Int) -> [LinearStep.Term] {
    let h = step ?? 1
    guard steps[point].gradients.count == 1, end >= point + 2 else {
      return [LinearStep.Term(point: point, weight: 1 / h)]
    }
    let (own, next) = end == point + 2 ? (1.5, 1.0 / 6) : (4.0 / 3, 1.0 / 3)
    return [
      LinearStep.Term(point: point, weight: own / h),
      LinearStep.Term(point: point + 1, weight: next / h),
    ]
  }
}
