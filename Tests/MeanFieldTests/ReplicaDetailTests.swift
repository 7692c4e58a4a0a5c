import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// What copies take over from the network they copy. `[replica.site]`
@Suite("Replicas: details")
struct ReplicaDetailTests {
  @Test("sampled weights of copies start alike")
  func sampledStart() throws {
    var problem = Cases.logistic(steps: 5)
    problem.theory = TheorySettings(trajectories: 1000, batches: 2, sites: .ensembleBoth)
    let distance = try problem.replicated().theorySolver().solve().curve(.replicaDistance)
    #expect(distance.estimates.allSatisfy { abs($0.value) < 1e-6 })
  }

  @Test("losses are means over the copies")
  func losses() throws {
    let problem = Cases.square(steps: 4)
    let one = try problem.theorySolver().solve()
    let two = try problem.replicated().theorySolver().solve()
    for observable in [Observable.trainingLoss, .testLoss] {
      for (x, y) in zip(two.curve(observable).estimates, one.curve(observable).estimates) {
        #expect(abs(x.value - y.value) < 5 * x.standardError + 1e-4, "\(observable): \(x), \(y)")
      }
    }
  }

  @Test("path derivatives contain the gates, and are refused where gradients jump")
  func tangents() throws {
    var problem = Cases.square(steps: 5, sampleMask: PersistentMask(density: 0.4, correlation: 0.7))
    problem.gradientScale = .mean
    problem.learningRate = 0.2
    let one = try problem.theorySolver().solve().curve(.norm).estimates
    problem.theory = TheorySettings(trajectories: 4000, batches: 8, response: .tangent)
    let two = try problem.replicated().theorySolver().solve()
    for (x, y) in zip(two.curve(.norm(0, 0, single: false)).estimates, one) {
      #expect(abs(x.value - y.value) < 5 * x.standardError + 1e-3, "\(x), \(y)")
      #expect(x.standardError < 0.01)
    }
    problem.loss = HingeLoss()
    #expect(throws: SolverError.self) { try problem.replicated().theorySolver() }
  }

  private static func flowingCopies(_ mask: any Mask) -> Setup {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.1),
      learningRate: 0.1, steps: 1, sampleMask: mask)
    return problem.replicated().flowing(Flow(duration: 2, step: 0.1))
  }

  @Test("mini-batches without a limit are refused in a flow of copies")
  func masksWithoutLimit() throws {
    _ = try Self.flowingCopies(PersistentMask(density: 0.4, time: 1)).theorySolver()
    for (mask, key) in [
      (EpochMask(epochSteps: 2) as any Mask, "sample_mask.kind"),
      (PersistentMask(density: 0.4, correlation: 0.5), "sample_mask.correlation"),
    ] {
      let error = try #require(throws: Mismatch.self) {
        try Self.flowingCopies(mask).theorySolver()
      }
      #expect(error.path == key)
    }
  }

  /// `[schedule.speed]`
  @Test("mini-batches drawn anew average out in a flow, so that copies stay together")
  func averages() throws {
    let copies = try Self.flowingCopies(IndependentMask(density: 0.4)).theorySolver().solve()
    #expect(copies.curve(.replicaDistance).estimates.allSatisfy { abs($0.value) < 1e-9 })
    var single = Self.flowingCopies(IndependentMask(density: 0.4))
    single.parts.copies = 1
    let one = try single.theorySolver().solve().curve(.norm).estimates
    for (x, y) in zip(copies.curve(.norm(0, 0, single: false)).estimates, one) {
      let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
        .squareRoot()
      #expect(abs(x.value - y.value) < 5 * joint + 1e-6, "\(x), \(y)")
    }
  }

  @Test("in a flow gates keep their rates and size, whatever the step")
  func flow() throws {
    var problem = FlowTests.square(Flow(duration: 2, step: 0.1), mask: FlowTests.persistent)
    problem.gradientScale = .mean
    let copies = try problem.replicated().dynamics.integrated(steps: 40, of: 0.05)
    let correlation = try #require(copies.gates?.correlation)
    #expect(abs(correlation - exp(-0.05 / (0.4 * 1.5))) < 1e-12)
    // Gates are s/b, and the gradient counts b σ = 1 times.
    #expect(copies.gates?.density(at: 0) == 0.4 && abs(copies.strength(at: 0) - 1) < 1e-12)
    #expect(copies.readout.initial == [1, 1])
  }
}
