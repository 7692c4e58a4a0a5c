import LearningProblem
import MeanField
import NumericalKit
import Synchronization
import TestSupport
import Testing

@Suite("What a march costs, said before it begins")
struct MarchCostTests {
  private static func logistic(
    _ steps: Int, trajectories: Int = 4000, batches: Int = 2, history: TheorySettings.History = .all
  ) -> Setup {
    var setup = Cases.logistic(
      steps: steps, sampleMask: IndependentMask(density: 0.5), trajectories: trajectories,
      batches: batches)
    setup.theory.history = history
    return setup
  }

  private static func cost(_ setup: Setup) throws -> MarchCost {
    try MeanFieldSolver(setup.problem, setup.theory).cost
  }

  /// 8 N n for sampled data points, 4 n² for closed weights, over n = 0 ..< T.
  @Test func sampledSitesByHand() throws {
    let cost = try Self.cost(Self.logistic(60, trajectories: 2000, batches: 3))
    let samples = 8.0 * 2000 * 1800
    let weights = 4.0 * 72_000
    #expect(cost.steps == 60)
    #expect(abs(cost.operations / (3 * (samples + weights)) - 1) < 1e-12)
    #expect(
      cost.advice
        == "fewer steps, theory.history: compressed or fewer theory.trajectories or theory.batches")
  }

  /// As T² with all rows; in a frame, with hardly more than T.
  @Test func growthWithSteps() throws {
    let all = try [1000, 2000].map {
      try Self.cost(Self.logistic($0, trajectories: 8000)).operations
    }
    #expect(abs(all[1] / all[0] - 4) < 0.3)
    let framed = try [1000, 2000].map {
      try Self.cost(
        Self.logistic($0, trajectories: 8000, history: .compressed)
      ).operations
    }
    #expect(framed[1] / framed[0] > 2 && framed[1] / framed[0] < 2.5, "\(framed)")
    #expect(framed[1] < 0.2 * all[1])
  }

  /// The march of a flow with half the steps costs 8 times as much where both sites are closed, and
  /// each is told before it begins.
  @Test func halvingsOfAFlow() throws {
    let costs = Mutex<[MarchCost]>([])
    let setup = FlowTests.square(Flow(duration: 10, step: 0.5, tolerance: 1e-3))
    _ = try setup.theorySolver().solve(nil, parts: NothingKept(), progress: nil) { cost in
      costs.withLock { $0.append(cost) }
    }
    let found = costs.withLock { $0 }
    try #require(found.count > 2)
    for (coarse, fine) in zip(found, found.dropFirst()) {
      #expect(fine.steps == 2 * coarse.steps)
      #expect(abs(fine.operations / coarse.operations - 8) < 0.01)
    }
    let steps = Double(found[0].steps)
    #expect(abs(found[0].operations / (16 * steps * steps * steps / 3) - 1) < 1e-9)
    #expect(found[0].advice.hasPrefix("time.growth: 0.1, a larger time.tolerance, a longer"))
  }

  /// Closed sites once, the probes in every batch; switches that remember double closed weights.
  @Test func closedSitesAndProbes() throws {
    func setup(_ mask: any WeightMask, _ sites: TheorySettings.Sites) -> Setup {
      Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: SquareLoss(), weightDecay: 0.1,
        start: Start(variance: 0.5, overlap: [[0.2]]), learningRate: 0.1, steps: 30,
        weightMask: mask,
        theory: TheorySettings(trajectories: 1000, batches: 5, sites: sites))
    }
    let cube = 30.0 * 30 * 30 / 3
    let plain = try Self.cost(setup(IndependentMask(density: 0.5), .closed)).operations
    #expect(abs(plain / (12 * cube) - 1) < 1e-12)
    let memory = PersistentMask(density: 0.5, correlation: 0.5)
    let remembered = try Self.cost(setup(memory, .closed)).operations
    #expect(abs(remembered / (16 * cube) - 1) < 1e-12)
    let probed = try Self.cost(setup(memory, .auto)).operations
    #expect(abs(probed - remembered - 5 * 8 * 1000 * 450) < 1)
  }
}
