import Foundation
import LearningProblem
import MeanField
import Observables
import Stationary
import TestSupport
import Testing

/// After long enough a waiting time makes no difference: what is left is the steady state.
/// `[aging.temperature]` `[stationary.temperature]`
@Suite("Long waiting times")
struct LongWaitingTests {
  private func compare(
    _ setup: Setup, waiting: Int, _ check: (String, Int, Estimate, Estimate) -> Void
  ) throws {
    let solver = try MeanFieldSolver(
      setup.problem, setup.theory, waiting: WaitingTimes([waiting], mostLags: 30))
    let aging = try #require(try solver.solve().aging)
    let steady = try StationarySolver(setup).solve()
    let pairs: [(String, (FluctuationDissipation) -> [Double])] = [
      ("displacement", { $0.points.map(\.displacement) }),
      ("integrated response", { $0.points.map(\.integratedResponse) }),
      ("T_eff", \.temperature), ("X", \.ratio),
    ]
    for (name, values) in pairs {
      let found = aging.estimates(0) { values($0.fluctuationDissipation) }
      let expected = steady.estimates { values($0.fluctuationDissipation) }
      for (row, lag) in aging.lags(0).enumerated() where lag > 0 && lag < expected.count {
        check(name, lag, found[row], expected[lag])
      }
    }
  }

  @Test("closed, step by step and in a frame", arguments: [0.4, 0.9])
  func closed(weightDensity: Double) throws {
    for history in [TheorySettings.History.all, .compressed] {
      var setup = FastCases.square(
        sampleMask: PersistentMask(density: 0.4, correlation: 0.6),
        weightMask: IndependentMask(density: weightDensity), steps: 320)
      setup.theory.history = history
      // Merges discard what is below their tolerance.
      let tolerance = history == .all ? 1e-8 : 1e-5
      var compared = 0
      try compare(setup, waiting: 280) { name, lag, found, expected in
        guard name != "X" || lag <= 20 else { return }  // later differences are of rounding
        compared += 1
        let difference = abs(found.value / expected.value - 1)
        #expect(difference < tolerance, "\(name), \(lag): \(difference)")
      }
      #expect(compared > 60)
    }
  }

  @Test("sampled")
  func sampled() throws {
    var setup = FastCases.logistic(
      sampleMask: IndependentMask(density: 0.5), steps: 140, trajectories: 3000)
    setup.theory.sampling.batches = 8
    try compare(setup, waiting: 110) { name, lag, found, expected in
      guard name != "X" || lag <= 5 else { return }
      let error = hypot(found.standardError, expected.standardError)
      #expect(
        abs(found.value - expected.value) <= 5 * error + 1e-12,
        "\(name), \(lag): \(found), \(expected)")
      #expect(name != "T_eff" || error < 0.02 * expected.value, "it can fail")
    }
  }
}
