import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Sampled sites in a coarse frame of the past against a row for each step, with the same number of
/// trajectories. `[frame.rotation]` `[frame.noise]` `[frame.tables]`
@Suite("Compressed past: sampled sites")
struct CompressedSampledTests {
  /// A setup with a name.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var setup: Setup
    var testDescription: String { name }

    init(_ name: String, _ setup: Setup, _ change: (inout Setup) -> Void = { _ in }) {
      self.name = name
      self.setup = setup
      change(&self.setup)
    }
  }

  private static func logistic(
    _ sampleMask: any Mask = FullMask(), _ weightMask: any WeightMask = FullMask(),
    steps: Int = 64, trajectories: Int = 1200
  ) -> Setup {
    Cases.logistic(
      steps: steps, sampleMask: sampleMask, weightMask: weightMask, trajectories: trajectories,
      batches: 8)
  }

  private static func committee(_ sampleMask: any Mask, steps: Int = 60) -> Setup {
    Setup(
      data: Xor(separation: 2, variance: 0.3), samplesPerWeight: 2,
      network: Committee(activation: .erf, readout: [1, -1]), weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.4, 0.1], [0.1, 0.4]]), learningRate: 0.2,
      steps: steps, sampleMask: sampleMask,
      theory: TheorySettings(trajectories: 1000, batches: 8))
  }

  static let cases: [Case] = [
    Case("logistic, independent", logistic(IndependentMask(density: 0.3))),
    Case("logistic, persistent", logistic(PersistentMask(density: 0.3, correlation: 0.9))),
    Case("logistic, alternating", logistic(PersistentMask(density: 0.5, correlation: -0.4))),
    Case("logistic, epoch", logistic(EpochMask(epochSteps: 4), steps: 60, trajectories: 2000)),
    Case(
      "logistic, independent, persistent weights",
      logistic(IndependentMask(density: 0.4), PersistentMask(density: 0.5, correlation: 0.8))),
    Case(
      "logistic, persistent, independent weights",
      logistic(PersistentMask(density: 0.4, correlation: 0.7), IndependentMask(density: 0.5))),
    Case(
      "softmax, independent, column",
      logistic(
        IndependentMask(density: 0.5), ColumnMask(density: 0.6), steps: 48, trajectories: 1200)
    ) {
      $0.network = Softmax(outputs: 3)
      $0.loss = CrossEntropyLoss()
      $0.data = Mixture(
        clusters: (0..<3).map { c in
          Cluster(
            probability: [0.5, 0.3, 0.2][c], centre: (0..<3).map { $0 == c ? 1.5 : 0 },
            label: Double(c + 1), variance: 0.6)
        })
      $0.start = Start(variance: 0.2, overlap: [[0.3, 0, 0], [0, 0.2, 0], [0, 0, -0.1]])
    },
    Case("committee, independent", committee(IndependentMask(density: 0.4))),
    Case("committee, persistent", committee(PersistentMask(density: 0.4, correlation: 0.8))),
    Case("learned readout", committee(IndependentMask(density: 0.5))) {
      $0.network = Committee(activation: .softplus, readout: [0.7, -0.4], readoutLearningRate: 0.1)
    },
    Case("signs of a teacher", logistic(IndependentMask(density: 0.4))) {
      $0.data = LinearTeacher(labels: .sign)
      $0.start = Start(variance: 0.1, overlap: [[0.3]])
      $0.gradientScale = .mean
    },
    Case(
      "teacher, persistent",
      logistic(PersistentMask(density: 0.4, correlation: 0.7), steps: 48, trajectories: 4000)
    ) {
      $0.data = LinearTeacher(labels: .sign)
      $0.start = Start(variance: 0.1, overlap: [[0.3]])
    },
    Case("dropout of inputs", logistic(IndependentMask(density: 0.5))) {
      $0.dropout = Dropout(inputs: 0.3)
    },
    Case("dropout of hidden units", committee(IndependentMask(density: 0.7), steps: 40)) {
      $0.dropout = Dropout(hidden: 0.2)
    },
    Case("Boltzmann machine", logistic(IndependentMask(density: 0.5), steps: 60)) {
      $0.data = TwoClusters(variance: 0.5)
      $0.network = Boltzmann(hidden: 2, variance: 0.6)
      $0.loss = LikelihoodLoss()
      $0.weightDecay = 0
      $0.start = Start(variance: 0.2, overlap: [[0.5], [-0.2]])
      $0.learningRate = 0.1
    },
    Case("sign updates", logistic(IndependentMask(density: 0.4))) {
      $0.update = SignUpdate()
      $0.learningRate = 0.02
    },
    Case("top fraction", logistic(IndependentMask(density: 0.4))) {
      $0.update = TopFractionUpdate(fraction: 0.2)
    },
    Case("momentum", logistic(IndependentMask(density: 0.5))) {
      $0.update = MomentumUpdate(coefficient: 0.8)
      $0.learningRate = 0.1
    },
    Case(
      "caching, persistent weights",
      logistic(IndependentMask(density: 0.5), PersistentMask(density: 0.5, time: 3))
    ) {
      $0.update = CachingUpdate(threshold: 0.2)
    },
    Case("two units, sign updates", committee(IndependentMask(density: 0.4), steps: 50)) {
      $0.update = SignUpdate()
      $0.learningRate = 0.02
    },
  ]

  @Test("agrees with all rows", arguments: cases)
  func agree(case test: Case) throws {
    var setup = test.setup
    if setup.theory.sites == .auto { setup.theory.sites = .ensemble }
    let all = try setup.withAllRows()
    setup.theory.sampling.seed = 7
    let compressed = try setup.compressed(width: 3, degree: 3)
    #expect(all.diagnostics.sampleSite == "ensemble")
    // A frame leaves out what probes find.
    let leftOut = all.diagnostics.weightSite.contains("probe")
    #expect(leftOut || all.curves.map(\.observable) == compressed.curves.map(\.observable))
    #expect(compressed.diagnostics.notes.contains { $0.contains("left out") } == leftOut)
    let steps = setup.steps
    for y in compressed.curves where Self.isCompared(y.observable) {
      let x = all.curve(y.observable)
      for step in [steps / 4, steps / 2, steps] {
        let (a, b) = (x.estimates[step], y.estimates[step])
        let joint = (a.standardError * a.standardError + b.standardError * b.standardError)
          .squareRoot()
        #expect(
          abs(a.value - b.value) <= 5 * joint + 1e-6,
          "\(x.observable) at step \(step): \(a) in all rows, \(b) in a frame")
      }
    }
  }

  /// Averages of the square loss need kicks, noise and their overlaps alone, all of which are
  /// exact, what a merge throws away included. `[frame.rotation]`
  @Test(
    "the square loss leaves nothing to sample",
    arguments: [
      IndependentMask(density: 0.4) as any Mask, PersistentMask(density: 0.4, correlation: 0.8),
    ], [TheorySettings.Sites.ensemble, .ensembleBoth])
  func square(mask: any Mask, sites: TheorySettings.Sites) throws {
    try expectExact(mask, TwoClusters(variance: 0.5), sites)
    // A teacher's persistent masks are sampled.
    if mask is IndependentMask { try expectExact(mask, LinearTeacher(noise: 0.3), sites) }
  }

  private func expectExact(
    _ mask: any Mask, _ data: any DataModel, _ sites: TheorySettings.Sites
  ) throws {
    var setup = Cases.square(steps: 100, sampleMask: mask)
    setup.data = data
    setup.gradientScale = .mean
    setup.start = Start(variance: 0.5, overlap: [[0.3]])
    setup.theory.sites = .closed
    let exact = try setup.withAllRows()
    setup.theory = TheorySettings(trajectories: 1500, batches: 2, sites: sites)
    let sampled = try setup.compressed(width: 4, degree: 4)
    for observable in [Observable.magnetisation, .norm, .trainingLoss, .squaredChange] {
      for (a, b) in zip(exact.curve(observable).estimates, sampled.curve(observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-5, "\(observable): \(a) against \(b)")
        #expect(b.standardError < 1e-5, "\(observable): \(b)")
      }
    }
  }

  /// Test quantities follow from m and C.
  private static func isCompared(_ observable: Observable) -> Bool {
    ![.testLoss, .testError].contains(observable)
  }

  /// Positivity of C would be lost here without the noise that closed weights keep.
  /// `[frame.weights]`
  @Test("mini-batches for long in a coarse frame")
  func stable() throws {
    var setup = Self.logistic(IndependentMask(density: 0.3), steps: 1200, trajectories: 1600)
    setup.theory.sampling.batches = 2
    let solution = try setup.compressed(width: 4, degree: 2)
    let norms = solution.curve(.norm).estimates
    for step in [600, 900, 1200] {
      let (a, b) = (norms[300], norms[step])
      let joint = (a.standardError * a.standardError + b.standardError * b.standardError)
        .squareRoot()
      #expect(abs(a.value - b.value) < 5 * joint + 0.01, "\(a), \(b) at step \(step)")
    }
  }
}
