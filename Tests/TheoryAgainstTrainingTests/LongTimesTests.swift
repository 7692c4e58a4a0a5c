import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing
import Training

/// Marches in a frame of the past against direct training, which knows no kernels.
@Suite("Long times against direct training")
struct LongTimesTests {
  static let setups: [(name: String, setup: Setup)] = {
    func setup(
      _ mask: any Mask, weights: any WeightMask = FullMask(),
      update: any UpdateRule = PlainUpdate(), rate: Double = 0.3
    ) -> Setup {
      var setup = Cases.logistic(
        steps: 250, sampleMask: mask, weightMask: weights, trajectories: 2000, batches: 8)
      setup.update = update
      setup.learningRate = rate
      setup.theory.history = .compressed
      setup.training = TrainingSettings(dimension: 400, runs: 16, observeEvery: 50)
      return setup
    }
    return [
      ("independent", setup(IndependentMask(density: 0.3))),
      ("persistent", setup(PersistentMask(density: 0.3, correlation: 0.9))),
      (
        "independent, persistent weights",
        setup(IndependentMask(density: 0.4), weights: PersistentMask(density: 0.5, time: 2))
      ),
      ("signs", setup(IndependentMask(density: 0.4), update: SignUpdate(), rate: 0.02)),
      ("top", setup(IndependentMask(density: 0.4), update: TopFractionUpdate(fraction: 0.2))),
    ]
  }()

  /// Points of the theory that lie further than five joint errors from an extrapolated training.
  private static func misses(_ theory: Solution, _ training: Extrapolation) -> [String] {
    training.points.compactMap { point in
      guard point.step > 0,
        [.magnetisation, .norm, .trainingLoss, .testLoss].contains(point.observable),
        let a = theory.curve(point.observable).at(step: point.step)
      else { return nil }
      let b = point.limit
      let joint = (a.standardError * a.standardError + b.standardError * b.standardError)
        .squareRoot()
      #expect(joint < 0.02 * abs(a.value), "\(point.observable): \(joint) of \(a)")
      return abs(a.value - b.value) < 5 * joint
        ? nil : "\(point.observable) at step \(point.step): \(a), \(b)"
    }
  }

  /// 1000 steps against training in two small dimensions, with no allowance for a bias of 1/d.
  /// `[compare.extrapolation]`
  @Test("1000 steps, extrapolated in 1/d", arguments: [0, 1])
  func extrapolated(index: Int) throws {
    var (name, setup) = Self.setups[index]
    setup.steps = 1000
    setup.theory.sampling.batches = 4
    setup.training = TrainingSettings(dimension: 100, runs: 256, observeEvery: 100)
    let theory = try MeanFieldSolver(setup).solve()
    #expect(theory.diagnostics.frame != nil)
    let training = try DirectTraining(setup)
    let extrapolation = Extrapolation(
      try [50, 100].map { (dimension: $0, curves: try training.run(dimension: $0)) })
    let misses = Self.misses(theory, extrapolation)
    #expect(misses.isEmpty, "\(name): \(misses)")
    // Mini-batches that are a tenth larger would be noticed.
    setup.steps = 200
    setup.sampleMask =
      index == 0 ? IndependentMask(density: 0.33) : PersistentMask(density: 0.33, correlation: 0.9)
    #expect(!Self.misses(try MeanFieldSolver(setup).solve(), extrapolation).isEmpty, "\(name)")
  }

  @Test("theory in a frame and training agree", arguments: setups.indices)
  func agree(index: Int) throws {
    let (name, setup) = Self.setups[index]
    let theory = try MeanFieldSolver(setup).solve()
    #expect(theory.diagnostics.frame != nil)
    let training = try DirectTraining(setup).run()
    for observable in [Observable.magnetisation, .norm, .trainingLoss, .testLoss, .squaredChange] {
      let measured = try #require(training.first { $0.observable == observable })
      for (step, b) in zip(measured.steps, measured.estimates) where step > 0 {
        let a = theory.curve(observable).estimates[step]
        let joint = (a.standardError * a.standardError + b.standardError * b.standardError)
          .squareRoot()
        // Five errors, and a bias of order 1/d.
        #expect(
          abs(a.value - b.value) < 5 * joint + 2.0 / 400 * abs(b.value),
          "\(name), \(observable) at step \(step): \(a), \(b)")
      }
    }
  }
}
