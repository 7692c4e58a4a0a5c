import LearningProblem
import MeanField
import NumericalKit
import Observables

/// What the gradient of a closed march by all its controls costs, in marches. One thread.
/// `[gradient.adjoint]`
enum AdjointBenchmark {
  /// Two clusters, square loss, at 500 and 1000 steps; independent masks, and persistent ones.
  static func run() {
    for steps in [500, 1000] {
      for isPersistent in [false, true] { measure(steps: steps, isPersistent: isPersistent) }
    }
  }

  private static func measure(steps: Int, isPersistent: Bool) {
    let name = "adjoint_\(isPersistent ? "persistent" : "independent")_\(steps)"
    let rule =
      isPersistent
      ? LearningRule(
        weightDecay: 0.1, sampleMask: PersistentMask(density: 0.4, correlation: 0.8),
        weightMask: PersistentMask(density: 0.5, correlation: 0.7))
      : LearningRule(
        weightDecay: 0.1, sampleMask: IndependentMask(density: 0.4),
        weightMask: IndependentMask(density: 0.5))
    let problem = Problem(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: SquareLoss(), rule: rule,
      start: Start(variance: 0.5), timing: .steps(steps, learningRate: 0.1))
    let one = ParallelFor(threads: 1)
    do {
      var march = [Double]()
      var reverse = [Double]()
      let adjoint = try ClosedAdjoint(problem, parallel: one)
      let sum = ObservedSum([
        .init(.testLoss, at: steps), .init(.trainingLoss, at: steps),
        .init(.squaredChange, at: steps, times: 0.02),
      ])
      let solver = try MeanFieldSolver(
        problem, TheorySettings(sites: .closed, history: .all), parallel: one)
      for _ in 0..<3 {
        march.append(try seconds { _ = try solver.solve() })
        reverse.append(try seconds { _ = try adjoint.gradient(of: sum) })
      }
      let (forward, back) = (march.sorted()[1], reverse.sorted()[1])
      print("\(name),time_of_march,\(forward),s")
      print("\(name),time_of_gradient,\(back),s")
      print("\(name),gradient_in_marches,\(back / forward),1")
    } catch {
      preconditionFailure("\(error)")
    }
  }

  private static func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
