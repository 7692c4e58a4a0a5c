import LearningProblem
import MeanField
import NumericalKit
import Observables

/// Continuous time: steps for an accuracy, and long relaxations on growing steps.
enum FlowBenchmark {
  static func run() {
    let persistent = PersistentMask(density: 0.3, flowTime: 1, step: 1)
    accuracy("square", SquareLoss(), FullMask())
    accuracy("square_persistent", SquareLoss(), persistent)
    accuracy("logistic", LogisticLoss(), FullMask())
    accuracy("logistic_persistent", LogisticLoss(), persistent)
    relaxation("square_to_1000", SquareLoss())
    relaxation("logistic_to_1000", LogisticLoss())
  }

  // MARK: Steps for |error of m(10)| < 1e-3

  /// The fewest steps (in a series of factors of 1.25) for which m(10) is right to 1e-3, of Euler's march with r = 1 - eta/(b tau) and of the flow, whose two marches count both.
  private static func accuracy(_ name: String, _ loss: any Loss, _ mask: any Mask) {
    let exact = overlap(flow(loss, mask, steps: 100, duration: 10))
    let march = fewest { steps in
      var problem = flow(loss, mask, steps: steps, duration: 10)
      problem.flow = nil
      if let mask = mask as? PersistentMask, let time = mask.flowTime {
        let r = 1 - problem.learningRate / (mask.density * time)
        guard r > -mask.density / (1 - mask.density) else { return .infinity }
        problem.sampleMask = PersistentMask(density: mask.density, correlation: r)
      }
      return abs(overlap(problem) - exact)
    }
    let count = fewest { steps in abs(overlap(flow(loss, mask, steps: steps, duration: 10)) - exact)
    }
    print("\(name),steps_first_order,\(march),1")
    print("\(name),steps_flow,\(3 * count),1")
    print("\(name),ratio,\(Double(march) / Double(3 * count)),1")
  }

  /// That of two neighbours of the series which are both right.
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

  /// Growing steps against equal ones: time, points, and the largest distance of m and the loss over all
  /// results.
  private static func relaxation(_ name: String, _ loss: any Loss) {
    let clock = ContinuousClock()
    let equalProblem = flow(loss, FullMask(), steps: 2500, duration: 1000)
    var equal: Solution?
    let equalTime = clock.measure { equal = solved(equalProblem) }
    print("\(name),equal_steps_time,\(equalTime / .seconds(1)),s")
    for growth in [0.2, 0.1, 0.05] {
      var problem = flow(loss, FullMask(), steps: 2500, duration: 1000)
      problem = problem.flowing(Flow(duration: 1000, step: 0.4, growth: growth))
      var solution: Solution?
      let time = clock.measure { solution = solved(problem) }
      guard let solution, let equal else { return }
      print("\(name)_growth_\(growth),time,\(time / .seconds(1)),s")
      print("\(name)_growth_\(growth),points,\(solution.diagnostics.flow?.points ?? 0),1")
      for observable in [Observable.magnetisation(0, 0, single: true), .trainingLoss] {
        guard let x = solution.curves.first(where: { $0.observable == observable }),
          let y = equal.curves.first(where: { $0.observable == observable })
        else { fatalError("no \(observable)") }
        let distance = zip(x.steps, x.estimates).compactMap { step, estimate in
          y.at(step: step).map { abs($0.value - estimate.value) }
        }.max()
        let error = x.estimates.map(\.standardError).max()
        print("\(name)_growth_\(growth),distance_\(observable),\(distance ?? .nan),1")
        print("\(name)_growth_\(growth),estimated_error_\(observable),\(error ?? .nan),1")
      }
    }
  }

  private static func flow(
    _ loss: any Loss, _ mask: any Mask, steps: Int, duration: Double
  ) -> Problem {
    Problem(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0.1), learningRate: 1, steps: 1, sampleMask: mask,
      theory: TheorySettings(
        trajectories: 8000, batches: 2, sites: loss is SquareLoss ? .closed : .auto)
    ).flowing(Flow(duration: duration, step: duration / Double(steps)))
  }

  private static func solved(_ problem: Problem) -> Solution? {
    do {
      return try problem.theorySolver().solve()
    } catch SolverError.diverged {
      return nil
    } catch {
      fatalError("\(error)")
    }
  }

  private static func overlap(_ problem: Problem) -> Double {
    let curve = solved(problem)?.curves.first { $0.observable.name == "magnetisation" }
    return curve?.estimates.last?.value ?? .infinity
  }
}
