import LearningProblem
import Observables
import TestSupport
import Testing
import Training

/// Two steps of a flow by hand, and the gates of replicas. `[flow.adams]` `[replica.site]`
@Suite("Training in continuous time and of replicas: by hand")
struct FlowStepTrainingTests {
  private static func problem(
    mask: any Mask = FullMask(), rate: Double = 0.2, steps: Int = 2, every: Int = 1
  ) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.1,
      start: Start(variance: 0.3), learningRate: rate, steps: steps, sampleMask: mask,
      training: TrainingSettings(dimension: 60, runs: 2, observeEvery: every))
  }

  private static func values(_ problem: Setup, _ name: String) throws -> [Double] {
    let curves = try DirectTraining(problem).run()
    return try #require(curves.first { $0.observable.name == name }).estimates.map(\.value)
  }

  /// The gradients of both steps from Euler's steps of half the size.
  @Test("one result is two steps of Adams and Bashforth")
  func byHand() throws {
    let flow = Self.problem().flowing(Flow(duration: 0.4, step: 0.4))
    let m = try Self.values(Self.problem(), "magnetisation")
    let found = try Self.values(flow, "magnetisation")
    #expect(abs(found[1] - (m[1] + 1.5 * (m[2] - m[1]) - 0.5 * (m[1] - m[0]))) < 1e-6)
    let path = try Self.values(Self.problem(), "absolute_change")
    let length = try Self.values(flow, "absolute_change")
    #expect(abs(length[1] - (path[1] + 1.5 * (path[2] - path[1]) - 0.5 * path[1])) < 1e-6)
  }

  @Test("every third result is recorded, and the last")
  func observeEvery() throws {
    let curves = try DirectTraining(Self.problem(every: 3).flowing(Flow(duration: 2, step: 0.2)))
      .run()
    #expect(curves.allSatisfy { $0.steps == [0, 3, 6, 9, 10] })
  }

  @Test("full batches: copies stay together")
  func sharedStart() throws {
    let distance = try Self.values(Self.problem(steps: 4).replicated(), "replica_distance")
    #expect(distance.allSatisfy { abs($0) < 1e-9 })
  }

  /// Switches that alternate: two small steps are two full batches, whoever learned first.
  @Test("gates of every copy and sample have a memory of their own")
  func memory() throws {
    let mask = PersistentMask(density: 0.5, correlation: -1)
    let distance = try Self.values(
      Self.problem(mask: mask, rate: 1e-3).replicated(), "replica_distance")
    #expect(distance[1] > 1e-9 && abs(distance[2]) < 1e-3 * distance[1], "\(distance)")
  }
}
