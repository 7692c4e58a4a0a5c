import LearningProblem
import Limits
import Observables
import TestSupport
import Testing
import Training

@Suite("Static limit against long training")
struct StaticAgainstTrainingTests {
  /// A long full-batch run of direct training.
  struct Case: Sendable, CustomStringConvertible {
    let name: String
    let data: any DataModel
    let loss: any OutputLoss
    let alpha: Double
    let decay: Double
    let rate: Double
    let steps: Int
    var description: String { name }
  }

  @Test(
    "the minimiser is where training ends",
    arguments: [
      Case(
        name: "three clusters, logistic", data: ThreeClusters(variance: 0.3), loss: LogisticLoss(),
        alpha: 3, decay: 0.2, rate: 0.5, steps: 100),
      Case(
        name: "two clusters, hinge", data: TwoClusters(variance: 0.5), loss: HingeLoss(), alpha: 2,
        decay: 0.1, rate: 0.05, steps: 800),
      Case(
        name: "mixture, logistic", data: StaticCases.mixture, loss: LogisticLoss(), alpha: 1.5,
        decay: 0.1, rate: 0.5, steps: 200),
    ])
  func ends(_ setting: Case) throws {
    var problem = StaticCases.problem(
      setting.data, alpha: setting.alpha, loss: setting.loss, decay: setting.decay)
    problem.learningRate = setting.rate
    problem.steps = setting.steps
    problem.training = TrainingSettings(
      dimension: 500, runs: 12, seed: 31, observeEvery: setting.steps)
    let found = try StaticSolver(problem).solve()
    let curves = try DirectTraining(problem).run()
    let single = found.overlaps.count == 1
    var expected: [(Observable, Double)] = [
      (.norm(0, 0, single: single), found.norm), (.trainingLoss, found.trainingLoss),
      (.testLoss, found.testLoss), (.trainingError, found.trainingError),
    ]
    for (p, m) in found.overlaps.enumerated() {
      expected.append((.magnetisation(0, p, single: single), m))
    }
    for (observable, value) in expected {
      let trained = try #require(curves.named(observable).at(step: setting.steps))
      // 12 runs: |t| > 4.5 has probability 9e-4.
      #expect(
        abs(trained.value - value) < 4.5 * trained.standardError,
        "\(observable): \(trained), \(value)")
      #expect(trained.standardError < 0.02 + 0.03 * abs(value))
    }
  }
}
