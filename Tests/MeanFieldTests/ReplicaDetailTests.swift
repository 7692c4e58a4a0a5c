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
    problem.grid.learningRate = .constant(0.2)
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

  private static func flowingCopies(_ mask: any Mask) -> Problem {
    let problem = Problem(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, start: Start(variance: 0.1),
      learningRate: 0.1, steps: 1, sampleMask: mask)
    return problem.replicated().flowing(Flow(duration: 2, step: 0.1))
  }

  @Test("mini-batches without a limit are refused in a flow of copies")
  func masksWithoutLimit() async {
    await #expect(processExitsWith: .success) {
      _ = Self.flowingCopies(PersistentMask(density: 0.4, flowTime: 1, step: 0.1))
    }
    await #expect(processExitsWith: .failure) {
      _ = Self.flowingCopies(IndependentMask(density: 0.4))
    }
    await #expect(processExitsWith: .failure) {
      _ = Self.flowingCopies(PersistentMask(density: 0.4, correlation: 0.5))
    }
  }

  @Test("in a flow gates keep their rates and size, whatever the step")
  func flow() throws {
    var problem = FlowTests.square(Flow(duration: 2, step: 0.1), mask: FlowTests.persistent)
    problem.gradientScale = .mean
    let copies = problem.replicated().steps(40, ofFlow: 0.05)
    let correlation = try #require(copies.hiddenSwitches?.correlation)
    #expect(abs(correlation - exp(-0.05 / (0.4 * 1.5))) < 1e-12)
    for value in copies.network.readout.initial { #expect(abs(value - 1) < 1e-12) }
  }
}
