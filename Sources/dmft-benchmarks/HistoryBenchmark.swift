import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables

/// Long marches in a frame of the past beside those with a row for each step, and what bounds them.
///
/// Times are of whole solves, two batches on two cores. With all rows a march is as long as half a
/// minute or so allows, with 10 trajectories a step or more.
enum HistoryBenchmark {
  /// Prints all cases but those of 10^5 steps.
  static func run() { run(longest: 10_000) }

  /// The cases of independent mini-batches, to 10^5 steps: five minutes.
  static func runLongest() {
    head()
    independent(longest: 100_000)
  }

  private static func run(longest: Int) {
    head()
    let march = independent(longest: longest)
    pair("persistent", persistent, frame: 10_000, all: 1000)
    pair("closed", closed, frame: 10_000, all: 1000)
    pair("top_fraction", topFraction, frame: 5000, all: 500)
    pair("caching", caching, frame: 5000, all: 500)
    pair("committee_4", committee, frame: 2000, all: 300)
    print("case,quantity,value,unit")
    bounds(march)
  }

  private static func head() {
    print("case,history,steps,trajectories,seconds,rows,magnetisation,standard_error")
  }

  // MARK: Cases

  /// Two clusters, α 2, Δ 0.5, λ 0.1, η 0.3, R0 0.1.
  private static func logistic(_ steps: Int, _ mask: any Mask, trajectories: Int) -> TheoryCase {
    TheoryCase(
      problem: Problem(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
        rule: LearningRule(weightDecay: 0.1, sampleMask: mask), start: Start(variance: 0.1),
        timing: .steps(steps, learningRate: 0.3)),
      settings: TheorySettings(trajectories: trajectories, batches: 2))
  }

  private static func independent(_ steps: Int, _ isFramed: Bool) -> TheoryCase {
    logistic(steps, IndependentMask(density: 0.3), trajectories: isFramed ? 2000 : 10_000)
  }

  private static func persistent(_ steps: Int, _ isFramed: Bool) -> TheoryCase {
    logistic(
      steps, PersistentMask(density: 0.3, correlation: 0.9), trajectories: isFramed ? 2000 : 10_000)
  }

  /// Persistent masks on samples and weights, square loss: nothing is sampled.
  private static func closed(_ steps: Int, _ isFramed: Bool) -> TheoryCase {
    var item = logistic(
      steps, PersistentMask(density: 0.3, correlation: 0.9), trajectories: 2000
    ).with {
      $0.loss = SquareLoss()
      $0.timing = .steps(steps, learningRate: 0.1)
      $0.rule.weightMask = PersistentMask(density: 0.5, correlation: 0.9)
    }
    item.settings.sites = .closed
    return item
  }

  private static func rule(_ steps: Int, _ isFramed: Bool, _ update: any UpdateRule) -> TheoryCase {
    logistic(
      steps, IndependentMask(density: 0.3), trajectories: isFramed ? 4000 : 10_000
    ).with { $0.rule.update = update }
  }

  private static func topFraction(_ steps: Int, _ isFramed: Bool) -> TheoryCase {
    rule(steps, isFramed, TopFractionUpdate(fraction: 0.1))
  }

  private static func caching(_ steps: Int, _ isFramed: Bool) -> TheoryCase {
    rule(steps, isFramed, CachingUpdate(threshold: 0.25))
  }

  private static func committee(_ steps: Int, _ isFramed: Bool) -> TheoryCase {
    var item = NetworkBenchmark.problem(
      units: 4, steps: steps, trajectories: isFramed ? 5000 : 12_000)
    item.settings.sampling.batches = 2
    return item
  }

  // MARK: Rows

  /// What a row says; nil where the march had no end.
  private struct March {
    let item: TheoryCase
    let seconds: Double
    let rows: Int
  }

  /// 1000, 2000, 10^4 and more steps in a frame, 1000 with all rows, and the exponent of T; the
  /// march of 10^4 steps.
  @discardableResult
  private static func independent(longest: Int) -> March? {
    measure("independent", independent, 1000, .all)
    let steps = [1000, 2000, 10_000, 100_000].filter { $0 <= longest }
    let marches = steps.map { measure("independent", independent, $0, .compressed) }
    if let first = marches.first ?? nil, let last = marches.last ?? nil {
      let exponent =
        log(last.seconds / first.seconds)
        / log(Double(longest) / Double(steps[0]))
      print("# exponent of T from \(steps[0]) to \(longest) steps: \(exponent)")
    }
    return marches[2]
  }

  private static func pair(
    _ name: String, _ make: (Int, Bool) -> TheoryCase, frame: Int, all: Int
  ) {
    measure(name, make, all, .all)
    measure(name, make, all, .compressed)
    measure(name, make, frame, .compressed)
  }

  @discardableResult
  private static func measure(
    _ name: String, _ make: (Int, Bool) -> TheoryCase, _ steps: Int,
    _ history: TheorySettings.History
  ) -> March? {
    var item = make(steps, history == .compressed)
    item.settings.history = history
    let settings = item.settings
    let isSampled = settings.sites != .closed
    let start = ContinuousClock.now
    let solution: Solution
    do {
      solution = try item.problem.theorySolver(settings).solve()
    } catch {
      print("# \(name), \(history.rawValue), \(steps) steps: \(error)")
      return nil
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let frame = solution.diagnostics.frame
    precondition((frame != nil) == (history == .compressed), "\(name): another history")
    let rows = frame?.rows ?? steps
    let overlap = solution.curves.first { $0.observable.quantity == .magnetisation }?.last
    print(
      "\(name),\(history.rawValue),\(steps),\(isSampled ? settings.sampling.trajectories : 0),"
        + "\(seconds),\(rows),\(overlap?.value ?? .nan),\(overlap?.standardError ?? .nan)")
    return March(item: item, seconds: seconds, rows: rows)
  }

  // MARK: What bounds a march

  /// How many vectors a step of independent mini-batches multiplies with its rows of noise, of odd
  /// and of even parts of kicks `[frame.noise]`, and how often it reads the rows for that: up to
  /// four vectors go over them together.
  ///
  /// | | noise | odd | even | reads |
  /// |---|---|---|---|---|
  /// | the kick of the step before, the noise of this step, fields | 3 | 3 | 2 | 1, 1, 1 |
  /// | products with drift, δ and raw noise | 3 | 3 | 2 | 1, 1, 1 |
  ///
  /// Merges, which turn the youngest rows, and vectors of one step are left out.
  private static let products = 6.0 + 6 + 4
  private static let readsOfRows = 2.0 + 2 + 2

  /// Bytes and operations a second of a march in a frame, N/2 pairs of Doubles a row, against what
  /// the machine does from memory, from caches, and without either.
  ///
  /// The mean of the rows over T steps is that of a logarithm: rows at the end less p w/log 2, with
  /// w = 4 and p = 2 or, as blocks keep further functions, 3.
  private static func bounds(_ march: March?) {
    guard let march else { return }
    let pairs = Double(march.item.settings.sampling.trajectories) / 2
    let steps = Double(march.item.problem.timing.grid.steps)
    let rows = Double(march.rows) - 10 / log(2.0)
    let batches = Double(march.item.settings.sampling.batches)
    let entries = batches * steps * rows * pairs / march.seconds
    let bytes = 8 * readsOfRows * entries
    let operations = 2 * products * entries  // a multiplication and an addition each
    // Blocks of 256 columns go through one step at a time; all of a batch stays in the last cache.
    let block = Int(3 * rows * 256 * 8)
    let history = 3 * rows * pairs * 8
    let speeds = [
      ("memory", MachineSpeed.reading(bytes: 256 << 20)),
      ("cache", MachineSpeed.reading(bytes: Int(history))),
      ("arithmetic", MachineSpeed.arithmetic()),
    ]
    func report(_ quantity: String, _ value: Double, _ unit: String) {
      print("history_bound,\(quantity),\(value),\(unit)")
    }
    report("bytes_of_history", batches * history, "B")
    report("touched", bytes / 1e9, "GB/s")
    report("operations", operations / 1e9, "Gflop/s")
    report("memory_triad", MachineSpeed.triad() / 1e9, "GB/s")
    report("memory_reading", speeds[0].1 / 1e9, "GB/s")
    report("cache_reading_of_all", speeds[1].1 / 1e9, "GB/s")
    report("cache_reading_of_a_block", MachineSpeed.reading(bytes: block) / 1e9, "GB/s")
    report("arithmetic", speeds[2].1 / 1e9, "Gflop/s")
    let shares = [bytes / speeds[0].1, bytes / speeds[1].1, operations / speeds[2].1]
    for (speed, share) in zip(speeds, shares) { report("share_of_\(speed.0)", share, "1") }
    // Rows were read from where a history of that size fits.
    let bound =
      max(shares[1], shares[2]) < 0.5
      ? "none of them; other work than sums over rows"
      : shares[2] > shares[1] ? "arithmetic" : "the cache or memory that holds the history"
    print("# what bounds the march: \(bound)")
  }
}
