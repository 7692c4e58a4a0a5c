import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables

/// Accuracy and cost of the mean-field solver on the case that the prototypes were measured on:
/// two clusters, logistic loss, α 2, Δ 0.5, λ 0.1, η 0.3, R0 0.1.
enum TheoryBenchmark {
  /// Prints all cases but the largest.
  static func run() {
    spreads()
    closed()
    probes()
    times()
  }

  /// 2000 steps with 10000 trajectories: a minute.
  static func runLarge() {
    let problem = problem(steps: 2000, mask: IndependentMask(density: 0.3), trajectories: 10000)
    let time = seconds { _ = solve(problem, one: true) }
    report("independent_2000x10000", "time_of_one_solve", time, "s")
    report("independent_2000x10000", "peak_memory", peakMemory(), "GB")
  }

  // MARK: Accuracy

  /// Spread between seeds (16 independent solves of N trajectories) at the last step.
  private static func spreads() {
    let persistent = PersistentMask(density: 0.3, correlation: 0.9)
    let independent = IndependentMask(density: 0.3)
    let cases: [(String, TheoryCase)] = [
      ("full_30x2000", problem(steps: 30, mask: FullMask(), trajectories: 2000)),
      ("independent_30x2000", problem(steps: 30, mask: independent, trajectories: 2000)),
      ("independent_400x2000", problem(steps: 400, mask: independent, trajectories: 2000)),
      ("persistent_100x4000", problem(steps: 100, mask: persistent, trajectories: 4000)),
    ]
    for (name, problem) in cases {
      let curves = solve(problem)
      for observable in ["magnetisation", "norm", "training_loss"] {
        let last = last(observable, curves)
        report(name, observable, last.value, "1")
        report(name, "spread_of_\(observable)", last.standardError * 4, "1")
      }
    }
    let long = solve(problem(steps: 1000, mask: persistent, trajectories: 5000, batches: 2))
    let norm = last("norm", long)
    report("persistent_1000x5000", "norm", norm.value, "1")
    precondition(norm.value > 1.3 && norm.value < 1.5, "norm \(norm.value) after 1000 steps")
    // The long-time limit of gradient descent is known: theory/7-limits.md, [limit.static].
    let static_ = last("magnetisation", solve(staticProblem))
    precondition(abs(static_.value - 1.66689) < 0.01, "m \(static_.value) instead of 1.66689")
  }

  private static let staticProblem = problem(
    steps: 400, mask: FullMask(), trajectories: 4000, batches: 2)

  /// Closed both sides, and the sampled site against it.
  private static func closed() {
    var square = problem(steps: 60, mask: FullMask(), trajectories: 2000)
      .with { $0.loss = SquareLoss() }
    let exact = solve(square)
    square.settings.sites = .ensemble
    let sampled = solve(square)
    for observable in ["magnetisation", "norm", "training_loss"] {
      let pairs = zip(estimates(observable, exact), estimates(observable, sampled))
      let distance = pairs.map { abs($0.value - $1.value) }.max() ?? .nan
      report("full_square_60x2000", "error_of_\(observable)", distance, "1")
      precondition(distance < 1e-4, "\(observable) of the sampled site is off by \(distance)")
    }
  }

  // MARK: Cost

  /// 500 steps with both sites closed, persistent masks on both and default settings: with probes,
  /// and the march alone.
  static func probes() {
    var square = problem(
      steps: 500, mask: PersistentMask(density: 0.4, correlation: 0.8),
      trajectories: Sampling().trajectories, batches: Sampling().batches
    ).with {
      $0.loss = SquareLoss()
      $0.rule.weightMask = PersistentMask(density: 0.5, correlation: 0.7)
    }
    var curves = [Curve]()
    report("closed_500", "time_with_probes", seconds { curves = solve(square) }, "s")
    for observable in [
      Observable.trainingError, .activity, .absoluteChange, .netChange, .inefficiency,
    ] {
      let last = last(observable.name, curves)
      report("closed_500", observable.name, last.value, "1")
      report("closed_500", "error_of_\(observable.name)", last.standardError, "1")
    }
    square.settings.sites = .closed
    report("closed_500", "time", seconds { _ = solve(square) }, "s")
  }

  private static func times() {
    let independent = IndependentMask(density: 0.3)
    for (steps, trajectories) in [(100, 2000), (400, 8000)] {
      let problem = problem(steps: steps, mask: independent, trajectories: trajectories)
      let times = (1...5).map { _ in seconds { _ = solve(problem, one: true) } }
      report(
        "independent_\(steps)x\(trajectories)", "time_of_one_solve", times.sorted()[2], "s")
    }
    // Exponent of T at fixed N, from 100 to 1600 steps.
    let steps = [100, 200, 400, 800, 1600]
    let logs = steps.map { steps in
      let problem = problem(steps: steps, mask: independent, trajectories: 5000)
      let time =
        (1...(steps < 500 ? 3 : 1)).map { _ in seconds { _ = solve(problem, one: true) } }
        .min() ?? .nan
      report("independent_\(steps)x5000", "time_of_one_solve", time, "s")
      return (log(Double(steps)), log(time))
    }
    let line = WeightedLine(
      x: logs.map(\.0), y: logs.map(\.1), errors: logs.map { _ in 1 })
    report("independent_Tx5000", "exponent_of_T", line.slope, "1")
  }

  /// The case of `benchmarks/fixed_point_dmft.py`: time (one thread) and spread of one solve.
  static func runFixedPointPartner() {
    for (name, mask) in [
      ("full_50", FullMask() as any Mask), ("independent_50", IndependentMask(density: 0.3)),
    ] {
      let problem = problem(steps: 50, mask: mask, trajectories: 2000)
      var curves = [Curve]()
      let time = seconds { curves = solve(problem, threads: 1) } / 16
      report(name, "time_of_one_solve", time, "s")
      for observable in ["magnetisation", "norm", "training_loss"] {
        let last = last(observable, curves)
        report(name, observable, last.value, "1")
        report(name, "spread_of_\(observable)", last.standardError * 4, "1")
      }
    }
  }

  // MARK: Helpers

  private static func problem(
    steps: Int, mask: any Mask, trajectories: Int, batches: Int = 16
  ) -> TheoryCase {
    TheoryCase(
      problem: Problem(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
        rule: LearningRule(weightDecay: 0.1, sampleMask: mask), start: Start(variance: 0.1),
        timing: .steps(steps, learningRate: 0.3)),
      settings: TheorySettings(trajectories: trajectories, batches: batches))
  }

  /// Solves; `one` solves a single batch, on all threads.
  private static func solve(
    _ problem: TheoryCase, one: Bool = false, threads: Int? = nil
  ) -> [Curve] {
    var problem = problem
    if one { problem.settings.sampling.batches = 1 }
    return problem.solve(threads: threads).curves
  }

  private static func estimates(_ name: String, _ curves: [Curve]) -> [Estimate] {
    curves.first { $0.observable.name == name }?.estimates ?? []
  }

  private static func last(_ name: String, _ curves: [Curve]) -> Estimate {
    estimates(name, curves).last ?? Estimate(.nan)
  }

  private static func seconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// The most memory that this process has held, from the kernel's accounting.
  private static func peakMemory() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
    let kilobytes = line.split(separator: " ").dropFirst().first.flatMap { Double($0) }
    return (kilobytes ?? .nan) / 1e6
  }

  private static func report(_ name: String, _ quantity: String, _ value: Double, _ unit: String) {
    print("\(name),\(quantity),\(value),\(unit)")
  }
}
