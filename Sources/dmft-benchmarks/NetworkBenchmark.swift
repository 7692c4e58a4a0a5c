import LearningProblem
import MeanField
import Observables

/// How the cost of the theory grows with the number K of hidden units: softplus committees on xor,
/// independent mini-batches.
enum NetworkBenchmark {
  /// One solve per K at equal steps and trajectories, and the case that a bound is promised for.
  static func run() {
    for units in [1, 2, 4, 8, 16] {
      measure("committee_\(units)_30x4000", problem(units: units, steps: 30, trajectories: 4000))
    }
    measure(
      "committee_4_100x2000", problem(units: 4, steps: 100, trajectories: 2000, batches: 8))
  }

  private static func measure(_ name: String, _ item: TheoryCase) {
    let clock = ContinuousClock()
    var curves = [Curve]()
    let time = clock.measure { curves = item.solve().curves }
    print("\(name),time_of_\(item.settings.sampling.batches)_solves,\(time / .seconds(1)),s")
    let errors = curves[.testError]?.estimates.map(\.value) ?? []
    guard let first = errors.first, let last = errors.last else { fatalError("no test error") }
    print("\(name),test_error,\(last),1")
    // Four units or more see all four clusters.
    precondition(
      item.problem.hiddenUnits < 4 || last < 0.8 * first, "\(name): test error \(first) to \(last)")
  }

  /// Unit k looks at cluster k mod 4 and answers for its label.
  static func problem(
    units: Int, steps: Int, trajectories: Int, batches: Int = 2
  ) -> TheoryCase {
    let directions = [[0.3, 0], [0, 0.3], [-0.3, 0], [0, -0.3]]
    let signs = [1.0, -1, 1, -1]
    let scale = 4 / Double(max(units, 4))
    return TheoryCase(
      problem: Problem(
        data: Xor(separation: 1.5, variance: 0.2), samplesPerWeight: 3,
        network: Committee(
          activation: .softplus, readout: (0..<units).map { scale * signs[$0 % 4] }),
        rule: LearningRule(weightDecay: 0.02, sampleMask: IndependentMask(density: 0.5)),
        start: Start(variance: 0.1, overlap: (0..<units).map { directions[$0 % 4] }),
        timing: .steps(steps, learningRate: 0.5 / scale)),
      settings: TheorySettings(trajectories: trajectories, batches: batches))
  }
}
