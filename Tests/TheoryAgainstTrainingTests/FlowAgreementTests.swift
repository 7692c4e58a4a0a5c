import Experiments
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Theory against training in continuous time, and of replicas. `[flow.limit]` `[flow.adams]`
/// `[replica.site]`
@Suite("Continuous time and replicas: theory against training")
struct FlowAgreementTests {
  static let problems: [(name: String, problem: Setup)] = {
    let persistent = PersistentMask(density: 0.3, time: 1)
    func perceptron(_ mask: any Mask, _ loss: any Loss) -> Setup {
      Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
        start: Start(variance: 0.1), learningRate: 1, steps: 1, sampleMask: mask,
        theory: TheorySettings(trajectories: 4000, batches: 6),
        training: TrainingSettings(dimension: 1000, runs: 8))
    }
    let committee = Setup(
      data: Xor(separation: 1.5, variance: 0.3), samplesPerWeight: 3,
      network: Committee(activation: .softplus, readout: [1, 1, -1, -1]), weightDecay: 0.05,
      start: Start(variance: 0.2, overlap: [[0.3, 0], [-0.3, 0], [0, 0.3], [0, -0.3]]),
      learningRate: 1, steps: 1,
      theory: TheorySettings(trajectories: 4000, batches: 4),
      training: TrainingSettings(dimension: 500, runs: 8))
    let flow = Flow(duration: 4, step: 0.2)
    return [
      ("logistic", perceptron(FullMask(), LogisticLoss()).flowing(flow)),
      ("persistent", perceptron(persistent, LogisticLoss()).flowing(flow)),
      ("persistent square", perceptron(persistent, SquareLoss()).flowing(flow)),
      (
        "growing",
        perceptron(FullMask(), LogisticLoss())
          .flowing(Flow(duration: 20, step: 0.2, growth: 0.15))
      ),
      (
        "persistent, a decay that falls",
        decaying(
          perceptron(persistent, LogisticLoss()).flowing(flow),
          ExponentialApproach(initial: 1, final: 0.05, rate: 0.8))
      ),
      (
        "growing, a decay that grows",
        decaying(
          perceptron(FullMask(), LogisticLoss())
            .flowing(Flow(duration: 20, step: 0.2, growth: 0.15)),
          CosineDecay(initial: 0, final: 0.8))
      ),
      ("committee", committee.flowing(Flow(duration: 2, step: 0.1))),
      ("replicas", perceptron(persistent, LogisticLoss()).flowing(flow).replicated()),
      ("replicas in steps", replicas(IndependentMask(density: 0.4), Perceptron())),
      (
        "replicas of a door",
        replicas(PersistentMask(density: 0.4, correlation: 0.7), Door(width: 0.8))
      ),
    ]
  }()

  /// Densities and numbers that jump, as functions of the time. `[schedule.speed]`
  /// `[schedule.rates]` `[schedule.restart]`
  static let scheduled: [(name: String, problem: Setup)] = {
    func perceptron(_ loss: any Loss, _ flow: Flow, _ rule: LearningRule) -> Setup {
      var setup = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss,
        start: Start(variance: 0.1), learningRate: 1, steps: 1,
        theory: TheorySettings(trajectories: 4000, batches: 6),
        training: TrainingSettings(dimension: 1000, runs: 8)
      ).flowing(flow)
      setup.parts.rule = rule
      return setup
    }
    let flow = Flow(duration: 4, step: 0.2)
    let falling = PersistentMask(
      density: .varying(ExponentialApproach(initial: 0.8, final: 0.2, rate: 1)), .time(1))
    return [
      (
        "a speed that falls, mini-batches that grow",
        perceptron(
          LogisticLoss(), Flow(duration: 20, step: 0.2, growth: 0.15),
          LearningRule(
            weightDecay: 0.1,
            sampleMask: IndependentMask(density: .varying(CosineDecay(initial: 0.1, final: 1))),
            weightMask: IndependentMask(
              density: .varying(ExponentialApproach(initial: 1, final: 0.3, rate: 0.2)))))
      ),
      (
        "persistent mini-batches that fall",
        perceptron(LogisticLoss(), flow, LearningRule(weightDecay: 0.1, sampleMask: falling))
      ),
      (
        "persistent mini-batches, mean, jumps",
        perceptron(
          SquareLoss(), flow,
          LearningRule(
            weightDecay: .varying(PiecewiseConstant(times: [0, 1, 3], values: [0.1, 1, 0.1])),
            gradientScale: .mean,
            sampleMask: PersistentMask(
              density: .varying(PiecewiseConstant(times: [0, 2], values: [0.8, 0.4])), .time(1)),
            weightMask: IndependentMask(
              density: .varying(PiecewiseConstant(times: [0, 2], values: [0.4, 0.9])))))
      ),
    ]
  }()

  @Test(
    "schedules: theory agrees with training in two dimensions", arguments: scheduled.indices,
    [500, 1000])
  func agreesInDimensions(index: Int, dimension: Int) throws {
    let (name, problem) = Self.scheduled[index]
    let theory = try problem.theorySolver().solve()
    let training = try DirectTraining(problem).run(dimension: dimension)
    let comparison = Comparison(theory: theory.curves, training: training)
    #expect(comparison.agrees, "\(name):\n\(comparison.text(training: "training"))")
    #expect(
      Set(training.map(\.observable.name)) == Set(theory.curves.map(\.observable.name)))
  }

  private static func decaying(_ setup: Setup, _ decay: any ScheduleShape) -> Setup {
    var setup = setup
    setup.parts.rule.weightDecay = .varying(decay)
    return setup
  }

  private static func replicas(_ mask: any Mask, _ network: any Network) -> Setup {
    Setup(
      data: network is Door ? ThreeClusters(variance: 0.3) : TwoClusters(variance: 0.5),
      samplesPerWeight: 2, network: network, weightDecay: 0.1,
      start: Start(variance: 0.1, overlap: [[0.3]]), learningRate: 0.3, steps: 20, sampleMask: mask,
      weightMask: IndependentMask(density: 0.7),
      theory: TheorySettings(trajectories: 4000, batches: 8),
      training: TrainingSettings(dimension: 1000, runs: 8)
    ).replicated()
  }

  @Test("theory agrees with training", arguments: problems.indices)
  func agrees(index: Int) throws {
    let (name, problem) = Self.problems[index]
    let theory = try problem.theorySolver().solve()
    let training = try DirectTraining(problem).run()
    let comparison = Comparison(theory: theory.curves, training: training)
    #expect(comparison.agrees, "\(name):\n\(comparison.text(training: "training"))")
    let names = Set(training.map(\.observable.name))
    #expect(names == Set(theory.curves.map(\.observable.name)), "the same observables")
  }
}
