import Foundation
import LearningProblem
import NumericalKit
import Observables
import Synchronization
import Training

/// Direct training at d = 2000, α = 2 (4000 samples, 32 MB): the cases of `training_numpy.py`.
enum TrainingBenchmark {
  static let dimension = 2000

  /// Prints all cases.
  static func run() {
    generation()
    measure("full", full)
    measure("independent", independent)
    twoRuns()
  }

  /// Full batch, observed at the first and last step only.
  static let full = problem(sampleMask: FullMask(), observeEvery: 200)
  /// Mini-batches of 30 %, observed every 10 steps.
  static let independent = problem(
    sampleMask: IndependentMask(density: 0.3), observeEvery: 10)

  private static func problem(sampleMask: any Mask, observeEvery: Int) -> TrainingCase {
    TrainingCase(
      problem: Problem(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
        rule: LearningRule(weightDecay: 0.1, sampleMask: sampleMask),
        start: Start(variance: 0.01), timing: .steps(200, learningRate: 0.3)),
      settings: TrainingSettings(
        dimension: dimension, runs: 2, seed: 5, observeEvery: observeEvery))
  }

  /// Steps per second on one thread, without set-up, and the answer.
  private static func measure(_ name: String, _ item: TrainingCase) {
    let clock = StepClock(steps: item.problem.grid.steps)
    let curves = train(item, threads: 1) { clock.step($0 * Double(2 * item.problem.grid.steps)) }
    report(name, "steps_per_second", clock.stepsPerSecond, "1/s")
    let loss = answer(curves)
    report(name, "training_loss", loss, "1")
    if name == "full" {
      // The minimiser of the ridge loss at d → ∞; two runs of 4000 samples spread by 0.003.
      precondition(abs(loss - 0.175196) < 0.015, "training loss \(loss) instead of 0.175196")
    }
  }

  /// Normal numbers per second, which are all but all of the set-up.
  private static func generation() {
    let set = TrainingSet(full.run(0))
    let times = (1...3).map { run in seconds { _ = TrainingSet(full.run(run)) } }
    let typical = times.sorted()[1]
    let entries = Double(set.inputs.rows * set.inputs.columns)
    report("generation", "time_per_entry", typical / entries * 1e9, "ns")
    let row = set.inputs[17]
    var square = 0.0
    for value in row { square += Double(value * value) }
    let variance = square / Double(dimension)
    precondition(abs(variance - 0.5) < 0.1, "variance \(variance) of a row instead of 0.5")
  }

  /// The gain of two runs on two threads over one thread, set-up included.
  private static func twoRuns() {
    let one = seconds { _ = train(full, threads: 1) }
    let two = seconds { _ = train(full, threads: 2) }
    report("two_runs", "speed_up_of_two_threads", one / two, "1")
  }

  private static func train(
    _ item: TrainingCase, threads: Int, progress: ProgressReport? = nil
  ) -> [Curve] {
    do {
      return try DirectTraining(
        item.problem, item.settings, parallel: ParallelFor(threads: threads)
      ).run(progress: progress)
    } catch {
      fatalError("\(error)")
    }
  }

  private static func answer(_ curves: [Curve]) -> Double {
    curves[.trainingLoss]?.last?.value ?? .nan
  }

  private static func seconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private static func report(_ name: String, _ quantity: String, _ value: Double, _ unit: String) {
    print("\(name),\(quantity),\(value),\(unit)")
  }
}

/// Times the steps of two runs in turn from their progress, leaving out the set-up of both.
final class StepClock: Sendable {
  private let steps: Int
  private let times = Mutex<[ContinuousClock.Instant]>([])

  /// A clock for two runs of `steps` steps.
  init(steps: Int) { self.steps = steps }

  /// One more step is done.
  func step(_ count: Double) { times.withLock { $0.append(.now) } }

  /// Steps over the time from the end of a run's first step to the end of its last, both runs
  /// together.
  var stepsPerSecond: Double {
    times.withLock { times in
      let first = times[steps - 1] - times[0]
      let second = times[2 * steps - 1] - times[steps]
      return Double(2 * (steps - 1)) / ((first + second) / .seconds(1))
    }
  }
}
