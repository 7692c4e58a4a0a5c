import Foundation
import NumericalKit
import Testing

/// Minima that are known in closed form, by every method that can find them.
@Suite struct BoundedMinimisationTests {
  typealias Value = BoundedMinimisation.Value
  typealias Evaluation = BoundedMinimisation.Evaluation

  /// Rosenbrock's valley with its gradient; the minimum 0 is at (1, 1).
  private func valley(_ x: [Double]) -> Value {
    let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
    return Value(a * a + 100 * b * b, gradient: [-2 * a - 400 * x[0] * b, 200 * b])
  }

  @Test(arguments: BoundedMinimisation.Method.allCases)
  func theBottomOfAValley(method: BoundedMinimisation.Method) {
    let result = BoundedMinimisation.minimise(
      by: method, from: [-1, 0.5], lower: [-2, -1], upper: [2, 3], tolerance: 1e-12,
      evaluations: 20_000
    ) { Evaluation(objective: valley($0)) }
    // Linear models creep along the valley.
    #expect(abs(result.place[0] - 1) < (method == .cobyla ? 0.05 : 1e-4), "\(result)")
    #expect(result.value < (method == .cobyla ? 1e-3 : 1e-8))
  }

  @Test(arguments: BoundedMinimisation.Method.allCases)
  func aBoundThatIsReached(method: BoundedMinimisation.Method) {
    let result = BoundedMinimisation.minimise(
      by: method, from: [0.5, 0.5], lower: [0, 0], upper: [0.8, 1], tolerance: 1e-10,
      evaluations: 2000
    ) { x in
      Evaluation(
        objective: Value(
          pow(x[0] - 2, 2) + pow(x[1] - 0.25, 2), gradient: [2 * (x[0] - 2), 2 * (x[1] - 0.25)]))
    }
    #expect(abs(result.place[0] - 0.8) < 1e-8)
    #expect(abs(result.place[1] - 0.25) < 1e-4)
  }

  @Test(arguments: BoundedMinimisation.Method.allCases.filter(\.takesInequalities))
  func theNearestPointOfADisc(method: BoundedMinimisation.Method) {
    // The point of the disc |x| <= 1 that is nearest to (3, 4) is (.6, .8).
    let result = BoundedMinimisation.minimise(
      by: method, from: [0.1, 0.1], lower: [-2, -2], upper: [2, 2], tolerance: 1e-10, slack: 1e-9,
      evaluations: 5000
    ) { x in
      Evaluation(
        objective: Value(
          pow(x[0] - 3, 2) + pow(x[1] - 4, 2), gradient: [2 * (x[0] - 3), 2 * (x[1] - 4)]),
        inequalities: [
          Value(x[0] * x[0] + x[1] * x[1] - 1, gradient: [2 * x[0], 2 * x[1]])
        ])
    }
    #expect(abs(result.place[0] - 0.6) < 1e-4 && abs(result.place[1] - 0.8) < 1e-4, "\(result)")
    #expect(result.violation <= 1e-6)
  }

  @Test func oneVariable() {
    for method in [BoundedMinimisation.Method.cobyla, .lbfgs, .mma, .slsqp] {
      let result = BoundedMinimisation.minimise(
        by: method, from: [0.9], lower: [0], upper: [1], tolerance: 1e-10, evaluations: 500
      ) { Evaluation(objective: Value(pow($0[0] - 0.3, 2), gradient: [2 * ($0[0] - 0.3)])) }
      #expect(abs(result.place[0] - 0.3) < 1e-4, "\(method): \(result)")
    }
  }

  private struct Stop: Error {}

  @Test(arguments: BoundedMinimisation.Method.allCases)
  func whatTheFunctionThrowsEndsTheSearch(method: BoundedMinimisation.Method) {
    var calls = 0
    #expect(throws: Stop.self) {
      try BoundedMinimisation.minimise(
        by: method, from: [-1, 0.5], lower: [-2, -1], upper: [2, 3], tolerance: 1e-12,
        evaluations: 1000
      ) { place in
        calls += 1
        if calls == 4 { throw Stop() }
        return Evaluation(objective: valley(place))
      }
    }
    #expect(calls == 4)
  }

  @Test func theEvaluationsAreCounted() {
    let result = BoundedMinimisation.minimise(
      by: .bobyqa, from: [-1, 0.5], lower: [-2, -1], upper: [2, 3], tolerance: 1e-12,
      evaluations: 20
    ) { Evaluation(objective: valley($0)) }
    #expect(result.ending == .evaluations)
    #expect(result.evaluations <= 21)
  }
}
