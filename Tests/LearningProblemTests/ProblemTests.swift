import Foundation
import LearningProblem
import TestSupport
import Testing

@Suite("Problems and what is compiled from them")
struct ProblemTests {
  static let problem = Problem(
    data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
    rule: LearningRule(gradientScale: .mean, sampleMask: PersistentMask(density: 0.4, time: 1.5)),
    start: Start(variance: 0.1, overlap: [[0.3]]), timing: .steps(10, learningRate: 0.1))

  @Test("a change makes another problem and leaves the old one")
  func with() throws {
    let other = try Self.problem.with {
      $0.rule.weightDecay = 0.2
      $0.timing = .steps(20, learningRate: 0.05)
    }
    #expect(other.rule.weightDecay.constant == 0.2 && other.grid.steps == 20)
    #expect(Self.problem.rule.weightDecay.constant == 0 && Self.problem.grid.steps == 10)
  }

  /// What is wrong, and the key that is named.
  static let wrong: [(key: String, change: @Sendable (inout Problem.Parts) -> Void)] = [
    ("samples_per_weight", { $0.samplesPerWeight = 0 }),
    ("weight_decay", { $0.rule.weightDecay = .constant(-.infinity) }),
    ("samples_per_weight", { $0.samplesPerWeight = 1e30 }),
    ("weight_decay", { $0.rule.weightDecay = 1e300 }),
    ("learning_rate", { $0.timing = .steps(10, learningRate: 1e-154) }),
    ("start.variance", { $0.start = Start(variance: 1e154) }),
    ("start.overlap", { $0.start = Start(variance: 1, overlap: [[1e154]]) }),
    ("data", { $0.data = TwoClusters(variance: 1e-154) }),
    ("data", { $0.data = Xor(separation: 1e100, variance: 1) }),
    ("network.readout", { $0.network = Committee(activation: .erf, readout: [1e300]) }),
    ("weight_noise.sigma", { $0.rule.weightNoise = WeightNoise(sigma: 1e160) }),
    ("time.step", { $0.timing = .flow(Flow(duration: 1e6, step: 1e-6)) }),
    (
      "sample_mask.persistence_time",
      { $0.rule.sampleMask = PersistentMask(density: 0.5, time: 1e100) }
    ),
    (
      "sample_mask.persistence_time",
      {
        $0.rule.sampleMask = PersistentMask(density: 1, time: 1e300)
        $0.timing = .flow(Flow(duration: 1, step: 0.1))
      }
    ),
    ("replicas", { $0.copies = 3 }),
    ("start.overlap", { $0.start = Start(variance: 1, overlap: [[0, 0]]) }),
    ("loss.kind", { $0.loss = CrossEntropyLoss() }),
    ("dropout.hidden", { $0.rule.dropout = Dropout(hidden: 0.5) }),
    ("sample_mask.persistence_time", { $0.timing = .steps(10, learningRate: 9) }),
    (
      "sample_mask.correlation",
      {
        $0.rule.sampleMask = PersistentMask(density: 0.4, correlation: 0.5)
        $0.timing = .flow(Flow(duration: 1, step: 0.1))
      }
    ),
    (
      "weight_mask.persistence_time",
      { $0.rule.weightMask = PersistentMask(density: 0.5, time: 1e-3) }
    ),
  ]

  @Test("what does not fit is refused with its key, by a change and by whoever reads it")
  func refused() throws {
    for (key, change) in Self.wrong {
      let error = #expect(throws: Mismatch.self) { try Self.problem.with(change) }
      #expect(error?.path == key, "\(key): \(error.map { "\($0)" } ?? "")")
      var parts = Self.problem.parts
      change(&parts)
      #expect(throws: Mismatch.self) { try Dynamics(Problem(parts)) }
    }
  }

  /// r = 1 - η/(b τ) in steps, exp(-η/(b τ)) in a flow. `[mask.persistent]` `[flow.switch]`
  @Test("a persistence time is compiled on the grid")
  func persistence() throws {
    let steps = try Dynamics(Self.problem)
    #expect(abs((steps.sampleSwitches.correlation ?? 0) - (1 - 0.1 / 0.6)) < 1e-15)
    let flow = try Self.problem.with { $0.timing = .flow(Flow(duration: 1, step: 0.1)) }
    let results = try Dynamics(flow)
    #expect(abs((results.sampleSwitches.correlation ?? 0) - exp(-0.1 / 0.6)) < 1e-15)
    let fine = try results.integrated(steps: 20, of: 0.05)
    #expect(abs((fine.sampleSwitches.correlation ?? 0) - exp(-0.05 / 0.6)) < 1e-15)
    #expect(fine.grid.steps == 20 && fine.grid.isIntegration)
    let weights = try Dynamics(
      Self.problem.with { $0.rule.weightMask = PersistentMask(density: 0.5, time: 2) })
    #expect(abs((weights.weightSwitches.correlation ?? 0) - 0.9) < 1e-15)
    #expect(abs((weights.sampleSwitches.correlation ?? 0) - (1 - 0.1 / 0.6)) < 1e-15)
  }

  /// `[replica.site]`
  @Test("copies share samples and start, and have gates in the place of the sample mask")
  func copies() throws {
    let copies = try Dynamics(Self.problem.with { $0.copies = 2 })
    #expect(copies.hiddenUnits == 2 && copies.start.overlap == [[0.3], [0.3]])
    #expect(copies.start.isShared && copies.start.correlation(0, 1) == 0.1 + 0.09)
    #expect(copies.sampleSwitches.isFull && copies.gates?.density(at: 0) == 0.4)
    #expect(copies.strength(at: 0) == 2.5 * 0.4 && !copies.objective.hasErrors)
    let one = try Dynamics(Self.problem)
    #expect(one.gates == nil && one.strength(at: 3) == 2.5 && one.hiddenUnits == 1)
  }

  @Test("paths are compiled where a mask draws units")
  func paths() throws {
    let drawn = try Self.problem.with {
      $0.network = Committee(activation: .erf, readout: [1, 1])
      $0.start = Start(variance: 1, overlap: [[0], [0]])
      $0.rule.weightMask = RowMask(density: 0.5)
    }
    #expect(try Dynamics.along(paths: 2..<5, of: drawn).map(\.path) == [2, 3, 4])
    #expect(try Dynamics.along(paths: 2..<5, of: Self.problem).map(\.path) == [2])
  }
}
