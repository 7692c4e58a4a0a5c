import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// When the past stands in a frame, how fine that is, and what of the kernels is kept.
/// `[frame.rows]` `[frame.merge]`
@Suite("Choice of a frame")
struct HistoryChoiceTests {
  private static func closed(steps: Int) -> Setup {
    var setup = Cases.square(
      steps: steps, sampleMask: PersistentMask(density: 0.3, time: 1),
      weightMask: PersistentMask(density: 0.5, time: 1))
    setup.learningRate = 0.1
    setup.theory.sites = .closed
    return setup
  }

  private static func sampled(
    _ mask: any Mask, steps: Int, weights: any WeightMask = FullMask()
  ) -> Setup {
    var setup = Cases.logistic(
      steps: steps, sampleMask: mask, weightMask: weights, trajectories: 500, batches: 2)
    setup.theory.history = .compressed
    return setup
  }

  @Test("by itself from 500 steps on, where nothing is left out", arguments: [499, 500])
  func automatic(steps: Int) throws {
    func isFramed(_ setup: Setup) throws -> Bool { try MeanFieldSolver(setup).isFramed }
    #expect(try isFramed(Self.closed(steps: steps)) == (steps == 500))
    var probed = Self.closed(steps: steps)
    probed.theory.sites = .auto
    #expect(try !isFramed(probed))
    var all = Self.closed(steps: steps)
    all.theory.history = .all
    #expect(try !isFramed(all))
    var sampled = Self.sampled(IndependentMask(density: 0.4), steps: steps)
    sampled.theory = TheorySettings(trajectories: 8000)
    #expect(try isFramed(sampled) == (steps == 500))
    // Units that come to do the same leave fields without noise.
    sampled.network = Committee(activation: .erf, readout: [1, -1])
    sampled.start = Start(variance: 0.5, overlap: [[0.4], [0.1]])
    #expect(try !isFramed(sampled))
    sampled.theory.history = .compressed
    #expect(try isFramed(sampled))
  }

  @Test("asked for in vain: a note says what stands against it")
  func obstacles() throws {
    let whole = Schedule.varying(PiecewiseConstant(steps: [0, 15], values: [0.4, 1]))
    var tangent = Self.sampled(IndependentMask(density: 0.3), steps: 20)
    tangent.theory.response = .tangent
    var mixed = Self.closed(steps: 20)
    mixed.update = SignUpdate()
    mixed.theory = TheorySettings(trajectories: 500, batches: 2, history: .compressed)
    for (setup, word) in [
      (Self.sampled(FullMask(), steps: 20), "hardly any noise"),
      (Self.sampled(FrozenMask(density: 0.4), steps: 20), "hardly any noise"),
      (Self.sampled(IndependentMask(density: whole), steps: 20), "hardly any noise"),
      (tangent, "tangent"), (mixed, "ensemble-both"),
    ] {
      let diagnostics = try MeanFieldSolver(setup).solve().diagnostics
      #expect(diagnostics.frame == nil)
      #expect(diagnostics.notes.contains { $0.contains(word) }, "\(word): \(diagnostics.notes)")
    }
  }

  @Test(
    "the degree and what blocks keep follow from the tolerance",
    arguments: [(1e-3, 3), (1e-5, 4), (1e-7, 6)])
  func tolerance(_ tolerance: Double, degree: Int) throws {
    var setup = Self.closed(steps: 400)
    setup.theory.history = .compressed
    setup.theory.historyTolerance = tolerance
    let solution = try MeanFieldSolver(setup).solve()
    let frame = try #require(solution.diagnostics.frame)
    #expect(frame.degree == degree)
    #expect(frame.largestLoss > 0 && frame.largestLoss <= tolerance)
    // What is thrown away counts with what is thrown away of another function.
    let difference = solution.largestDifference(from: try setup.withAllRows())
    #expect(difference < tolerance / 100 + 1e-13, "\(difference)")
    #expect(frame.rows < 200)
  }

  @Test(
    "where data points are sampled, the square of what exponentials miss counts",
    arguments: [(0.01, 2), (4e-6, 3), (1e-9, 4)])
  func sampledDegree(tolerance: Double, degree: Int) throws {
    var setup = Self.sampled(IndependentMask(density: 0.3), steps: 60)
    #expect(try MeanFieldSolver(setup).solve().diagnostics.frame?.degree == 2)
    setup.theory.historyTolerance = tolerance
    setup.theory.sampling.trajectories = 1500
    #expect(try MeanFieldSolver(setup).solve().diagnostics.frame?.degree == degree)
  }

  @Test("a past that is not smooth, where there is no room for it, is told")
  func rough() throws {
    // Kernels have a kink wherever an epoch of ten steps ends.
    var setup = Self.closed(steps: 400)
    setup.sampleMask = EpochMask(epochSteps: 10)
    setup.weightMask = FullMask()
    setup.learningRate = 0.6
    setup.theory.history = .compressed
    setup.theory.historyTolerance = 1e-4
    let diagnostics = try MeanFieldSolver(setup).solve().diagnostics
    let frame = try #require(diagnostics.frame)
    #expect(frame.largestLoss > 1e-3)
    #expect(diagnostics.notes.contains { $0.contains("not smooth") }, "\(diagnostics.notes)")
  }

  @Test("kernels at chosen steps are those of all rows", arguments: [false, true])
  func kernels(areSampled: Bool) throws {
    var setup = Self.closed(steps: 300)
    if areSampled {
      setup = Cases.square(steps: 120, sampleMask: IndependentMask(density: 0.4))
      setup.theory = TheorySettings(trajectories: 1500, batches: 2, sites: .ensemble)
    }
    setup.theory.kernelTimes = 20
    setup.theory.history = .all
    let all = try #require(try MeanFieldSolver(setup, keepKernels: true).solve().kernels)
    setup.theory.history = .compressed
    let solution = try MeanFieldSolver(setup, keepKernels: true).solve()
    let chosen = try #require(solution.kernels)
    #expect(chosen.steps.count == 20 && chosen.steps[..<3] == [0, 1, 2])
    #expect(chosen.steps.last == setup.steps && chosen.steps == chosen.steps.sorted())
    #expect(chosen.correlation.times == 20 && chosen.gradientCovariance.times == 19)
    #expect(all.steps == Array(0...setup.steps))
    for (a, b) in [
      (all.correlation, chosen.correlation), (all.response, chosen.response),
      (all.gradientCovariance, chosen.gradientCovariance),
      (all.gradientResponse, chosen.gradientResponse),
    ] {
      var largest = 0.0
      for i in 0..<b.times {
        for j in 0...i {
          largest = max(largest, abs(a[chosen.steps[i], chosen.steps[j]] - b[i, j]))
        }
      }
      // Entries of χ are noisy where they are sampled, see theory/5-sampling.md.
      #expect(largest < (areSampled ? 1e-3 : 1e-4), "\(largest)")
      #expect(a.largest > 0.01)
    }
  }
}
