import LearningProblem
import Limits
import Observables
import TestSupport
import Testing

/// One-pass learning whose numbers change from step to step.
struct OnePassScheduleTests {
  /// Each step of a run with schedules is the first one of a run without them from where it is.
  /// `[online.step]` `[schedule.kinds]`
  @Test(arguments: OnePass.Presentation.allCases)
  func steps(_ presentation: OnePass.Presentation) throws {
    func line(_ first: Double, _ last: Double) -> Schedule {
      .varying(PiecewiseLinear(steps: [0, 4], values: [first, last]))
    }
    func problem(steps: Int, from state: [Double], _ now: (Schedule) -> Schedule) -> Setup {
      var setup = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
        network: Committee(
          activation: .softplus, readout: [state[2]], readoutLearningRate: now(line(0.3, 0.1))),
        start: Start(variance: state[1] - state[0] * state[0], overlap: [[state[0]]]),
        learningRate: 0.1, steps: steps, gradientScale: .mean,
        sampleMask: IndependentMask(density: now(line(0.2, 0.8))),
        weightMask: IndependentMask(density: now(line(0.9, 0.4))))
      setup.parts.timing = .steps(steps, learningRate: now(line(0.4, 0.1)))
      setup.parts.rule.weightDecay = now(line(0.1, 0.5))
      return setup
    }
    func states(_ problem: Setup) throws -> [[Double]] {
      let curves = try OnePassCases.curves(problem, presentation)
      let observables = [Observable.magnetisation, .norm, .readout(0, 0, outputs: 1)]
      return (0...problem.grid.steps).map { step in
        observables.map { curves.named($0).estimates[step].value }
      }
    }
    let whole = problem(steps: 4, from: [0.2, 0.54, 1]) { $0 }
    let path = try states(whole)
    for step in 0..<4 {
      let alone = try states(
        problem(steps: 1, from: path[step]) { .constant($0.value(at: Double(step), of: 4)) })
      for (x, y) in zip(path[step + 1], alone[1]) {
        #expect(abs(x - y) < (presentation == .batches ? 1e-12 : 1e-8), "step \(step)")
      }
    }
    // 2 (.2 + .35 + .5 + .65)
    #expect(abs(try OnePass(whole).samplesPerWeight(step: 4) - 3.4) < 1e-12)
  }
}
