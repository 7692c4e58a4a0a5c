import LearningProblem
import MeanField
import NumericalKit
import Observables

/// Continuous time: steps for an accuracy, and long relaxations on growing steps.
enum FlowBenchmark {
  static func run() {
    let persistent = PersistentMask(density: 0.3, time: 1)
    accuracy("square", SquareLoss(), FullMask())
    accuracy("square_persistent", SquareLoss(), persistent)
    accuracy("logistic", LogisticLoss(), FullMask())
    accuracy("logistic_persistent", LogisticLoss(), persistent)
    relaxation("square_to_1000", SquareLoss())
    relaxation("logistic_to_1000", LogisticLoss())
  }

  // MARK: Steps for |error of m(10)| < 1e-3

  /// The fewest steps (in a series of factors of 1.25) for which m(10) is right to 1e-3, of Euler's
  /// march with r = 1 - eta/(b tau) and of the flow, whose two marches count both.
  private static func accuracy(_ name: String, _ loss: any Loss, _ mask: any Mask) {
    let exact = overlap(flow(loss, mask, steps: 100, duration: 10))
    let march = fewest { steps in
      var item = flow(loss, mask, steps: steps, duration: 10)
      item.problem = Problem(
        data: item.problem.data, samplesPerWeight: item.problem.samplesPerWeight, loss: loss,
        rule: item.problem.rule, start: item.problem.start,
        timing: .steps(steps, learningRate: 10 / Double(steps)))
      return abs(overlap(item) - exact)
    }
    let count = fewest { steps in abs(overlap(flow(loss, mask, steps: steps, duration: 10)) - exact)
    }
    print("\(name),steps_first_order,\(march),1")
    print("\(name),steps_flow,\(3 * count),1")
    print("\(name),ratio,\(Double(march) / Double(3 * count)),1")
  }

  /// The fewest steps of two neighbours of the series which are both right.
  private static func fewest(_ error: (Int) -> Double) -> Int {
    var right = 0
    var steps = 4.0
    while steps < 2000 {
      let isRight = error(Int(steps)) <= 1e-3
      if isRight, right > 0 { return right }
      right = isRight ? Int(steps) : 0
      steps *= 1.25
    }
    preconditionFailure("2000 steps are not enough for 1e-3")
  }

  // MARK: t = 1000

  /// Growing steps to t = 1000, and against equal ones to t = 100: times, points, and the largest
  /// distance of m and the training loss over the results of both from t = 5 on.
  private static func relaxation(_ name: String, _ loss: any Loss) {
    let (equal, equalTime) = timed(flow(loss, FullMask(), steps: 500, duration: 100))
    print("\(name)_equal,time_to_100,\(equalTime),s")
    print("\(name)_equal,points_to_100,\(equal.diagnostics.flow?.points ?? 0),1")
    for growth in [0.2, 0.1, 0.05] {
      func growing(_ duration: Double) -> TheoryCase {
        flow(loss, FullMask(), steps: 500, duration: 100).with {
          $0.timing = .flow(Flow(duration: duration, step: 0.2, growth: growth))
        }
      }
      let (long, time) = timed(growing(1000))
      print("\(name)_growth_\(growth),time_to_1000,\(time),s")
      print("\(name)_growth_\(growth),points_to_1000,\(long.diagnostics.flow?.points ?? 0),1")
      let (solution, _) = timed(growing(100))
      for observable in [Observable.magnetisation(0, 0, single: true), .trainingLoss] {
        guard let x = solution.curves[observable],
          let y = equal.curves[observable]
        else { fatalError("no \(observable)") }
        // From t = 5 on, where steps have grown.
        let pairs = zip(x.steps, x.estimates).filter { $0.0 >= 25 }.compactMap { step, estimate in
          y.at(step: step).map { (estimate, $0) }
        }
        let distance = pairs.map { abs($0.0.value - $0.1.value) }.max() ?? .nan
        let error = pairs.map { max($0.0.standardError, $0.1.standardError) }.max() ?? .nan
        precondition(distance < 5 * error + 1e-6, "\(name): \(observable) \(distance), \(error)")
        print("\(name)_growth_\(growth),distance_\(observable),\(distance),1")
        print("\(name)_growth_\(growth),estimated_error_\(observable),\(error),1")
      }
    }
  }

  private static func timed(_ item: TheoryCase) -> (Solution, seconds: Double) {
    var solution: Solution?
    let time = ContinuousClock().measure { solution = solved(item) }
    guard let solution else { fatalError("a relaxation diverged") }
    return (solution, time / .seconds(1))
  }

  private static func flow(
    _ loss: any Loss, _ mask: any Mask, steps: Int, duration: Double
  ) -> TheoryCase {
    TheoryCase(
      problem: Problem(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss,
        rule: LearningRule(weightDecay: 0.1, sampleMask: mask), start: Start(variance: 0.1),
        timing: .flow(Flow(duration: duration, step: duration / Double(steps)))),
      settings: TheorySettings(
        trajectories: 8000, batches: 2, sites: loss is SquareLoss ? .closed : .auto))
  }

  private static func solved(_ item: TheoryCase) -> Solution? {
    do {
      return try item.problem.theorySolver(item.settings).solve()
    } catch is Mismatch {  // a persistence time too short for the steps
      return nil
    } catch SolverError.diverged {
      return nil
    } catch {
      fatalError("\(error)")
    }
  }

  private static func overlap(_ item: TheoryCase) -> Double {
    let curve = solved(item)?.curves[.magnetisation(0, 0, single: true)]
    return curve?.estimates.last?.value ?? .infinity
  }
}
