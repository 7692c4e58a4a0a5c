import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Rates, decays and densities that change from step to step. Sums over mask paths are in
/// `PathEnumerationTests`.
@Suite("Schedules")
struct ScheduleTests {
  private static func line(_ first: Double, _ last: Double, steps: Int = 40) -> Schedule {
    .varying(PiecewiseLinear(steps: [0, steps], values: [first, last]))
  }

  /// The problem of the numbers in theory/17-schedules.md.
  private static func published() -> Setup {
    var setup = Cases.square(
      steps: 40, sampleMask: IndependentMask(density: line(0.2, 0.8)),
      weightMask: IndependentMask(density: line(0.8, 0.3)))
    setup.parts.timing = .steps(
      40, learningRate: .varying(PowerDecay(initial: 0.3, exponent: 0.5, timescale: 10)))
    return setup
  }

  @Test("the numbers of theory/17-schedules.md")
  func numbers() throws {
    let solution = try MeanFieldSolver(Self.published()).solve()
    for (observable, values) in [
      (Observable.magnetisation, [0.096000, 0.463995, 0.548314, 0.590880]),
      (.norm, [0.460760, 0.461811, 0.501933, 0.562294]),
      (.trainingLoss, [0.498334, 0.174540, 0.127042, 0.105057]),
    ] {
      for (step, value) in zip([1, 10, 20, 40], values) {
        let found = try #require(solution.curve(observable).at(step: step)).value
        #expect(abs(found - value) < 6e-7, "\(observable) at \(step)")
      }
    }
  }

  /// Full batches of the square loss know no sites. `[schedule.spectrum]`
  @Test("closed solver to 1e-8 of the spectrum of the data: m, C, R and training loss")
  func spectrum() throws {
    let start = Start(variance: 0.5, overlap: [[0.3]])
    var problem = Cases.square(steps: 30)
    problem.start = start
    problem.parts.timing = .steps(
      30,
      learningRate: .varying(PiecewiseLinear(steps: [0, 5, 30], values: [0.02, 0.3, 0.05])))
    problem.parts.rule.weightDecay = .varying(CosineDecay(initial: 0.3, final: 0.02))
    let exact = SpectralSolution(
      alpha: 2, variance: 0.5,
      RidgeMode { step in
        let t = Double(step)
        return (
          t < 5 ? 0.02 + 0.056 * t : 0.3 - 0.01 * (t - 5),
          0.02 + 0.14 * (1 + cos(.pi * t / 30))
        )
      }, start: start)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    try exact.expectEqual(solution, at: [0, 1, 2, 7, 20, 30])
  }

  /// Masks with memory, σ = 1/b, in all sites that have κ and ρ.
  private static func remembering(steps: Int, samples: any Mask, weights: any WeightMask) -> Setup {
    var setup = Cases.square(steps: steps, sampleMask: samples, weightMask: weights)
    setup.gradientScale = .mean
    setup.parts.timing = .steps(
      steps, learningRate: .varying(ExponentialApproach(initial: 0.15, final: 0.05, rate: 0.1)))
    setup.parts.rule.weightDecay = line(0.3, 0.1, steps: steps)
    return setup
  }

  static let masks: [any Mask] = [
    IndependentMask(density: line(0.3, 0.7, steps: 30)),
    PersistentMask(density: line(0.3, 0.7, steps: 30), .correlation(0.8)),
    PersistentMask(density: line(0.7, 0.4, steps: 30), .time(2)),
    EpochMask(epochSteps: 4),
  ]

  /// `[schedule.samples]` `[schedule.weights]` `[sampling.persistent]`
  @Test("sampled sites agree with closed ones", arguments: masks)
  func sampled(samples: any Mask) throws {
    let weights = PersistentMask(density: Self.line(0.8, 0.5, steps: 30), .correlation(0.6))
    let problem = Self.remembering(steps: 30, samples: samples, weights: weights)
    let closed = try MeanFieldSolver(problem).solve()
    for sites in [TheorySettings.Sites.ensemble, .ensembleBoth] {
      var problem = problem
      problem.theory = TheorySettings(trajectories: 4000, batches: 8)
      problem.theory.sites = sites
      let sampled = try MeanFieldSolver(problem).solve()
      for observable in [Observable.magnetisation, .norm, .trainingLoss] {
        for step in [1, 5, 15, 30] {
          let (x, y) = (
            try #require(closed.curve(observable).at(step: step)),
            try #require(sampled.curve(observable).at(step: step))
          )
          #expect(
            abs(x.value - y.value) < 5 * y.standardError + 2e-4 * abs(x.value),
            "\(sites), \(observable) at \(step): \(x.value), \(y)")
        }
      }
    }
  }

  /// With ρ = 0 nothing is sampled: any number of trajectories gives the closed site's numbers.
  /// `[sampling.persistent]`
  @Test(
    "known moments of a persistent mask are those of the closed site",
    arguments: masks[1...2], [TheorySettings.History.all, .compressed])
  func knownMoments(mask: any Mask, history: TheorySettings.History) throws {
    var problem = Self.remembering(steps: 30, samples: mask, weights: FullMask())
    let closed = try MeanFieldSolver(problem).solve().curve(.magnetisation)
    problem.theory = TheorySettings(trajectories: 600, batches: 2)
    problem.theory.sites = .ensemble
    problem.theory.history = history
    let sampled = try MeanFieldSolver(problem).solve().curve(.magnetisation)
    for (x, y) in zip(closed.estimates, sampled.estimates) {
      #expect(abs(x.value - y.value) < 1e-6)
    }
  }

  /// N b (1 - b)(1 - r) is 30 at first and 1.8 at last with 600 trajectories, 9 with 3000.
  /// `[sampling.persistent]`
  @Test("moments are known if switches are enough at every step", arguments: [600, 3000])
  func fewSwitches(trajectories: Int) throws {
    let density = Schedule.varying(ExponentialApproach(initial: 0.5, rate: 0.12))
    var problem = Self.remembering(
      steps: 30, samples: PersistentMask(density: density, .correlation(0.8)),
      weights: FullMask())
    problem.gradientScale = .sum
    let closed = try MeanFieldSolver(problem).solve().curve(.magnetisation)
    problem.theory = TheorySettings(trajectories: trajectories, batches: 2)
    problem.theory.sites = .ensemble
    let sampled = try MeanFieldSolver(problem).solve().curve(.magnetisation)
    let distances = zip(closed.estimates, sampled.estimates).map { abs($0.value - $1.value) }
    #expect(distances.allSatisfy { $0 < 1e-9 } == (trajectories == 3000), "\(distances)")
  }

  /// `[frame.tables]` `[schedule.recall]`
  @Test("a frame of the past agrees with all rows", arguments: masks)
  func framed(samples: any Mask) throws {
    let weights = PersistentMask(density: Self.line(0.8, 0.5, steps: 300), .correlation(0.6))
    var problem = Self.remembering(steps: 300, samples: samples, weights: weights)
    problem.theory.history = .all
    let all = try MeanFieldSolver(problem).solve()
    problem.theory.history = .compressed
    let framed = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      for (x, y) in zip(all.curve(observable).estimates, framed.curve(observable).estimates) {
        #expect(abs(x.value - y.value) < 2e-5 * max(1, abs(x.value)))
      }
    }
  }

  /// Without data, each weight has its own c: w(t+1) = (1 - η_t λ_t c) w(t), with E[c] = p_t.
  /// `[weight.units]` `[schedule.weights]`
  @Test("weights of two units that only decay, by hand")
  func decay() throws {
    var problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 1e-12,
      network: Committee(activation: .erf, readout: [1, -1]),
      start: Start(variance: 0.3, overlap: [[0.5], [0.4]]), learningRate: 0.4, steps: 6,
      weightMask: IndependentMask(density: Self.line(0.9, 0.3, steps: 6)),
      theory: TheorySettings(trajectories: 500, batches: 2))
    problem.parts.timing = .steps(6, learningRate: Self.line(0.4, 0.1, steps: 6))
    problem.parts.rule.weightDecay = Self.line(0.5, 1.1, steps: 6)
    let solution = try MeanFieldSolver(problem).solve()
    var (m, norm, product) = (0.5, 0.55, 0.2)
    for step in 0...6 {
      for (observable, value) in [
        (Observable.magnetisation(0, 0, single: false), m), (.norm(0, 0, single: false), norm),
        (.norm(0, 1, single: false), product),
      ] {
        let found = try #require(solution.curve(observable).at(step: step)).value
        #expect(abs(found - value) < 1e-9, "\(observable) at \(step)")
      }
      let t = Double(step)
      let (loss, p) = ((0.4 - 0.05 * t) * (0.5 + 0.1 * t), 0.9 - 0.1 * t)
      m *= 1 - loss * p
      norm *= 1 - 2 * loss * p + loss * loss * p
      product *= (1 - loss * p) * (1 - loss * p)
    }
  }

  @Test("a schedule that does not change is a number")
  func constant() throws {
    var problem = Cases.logistic(
      steps: 12, sampleMask: PersistentMask(density: 0.4, correlation: 0.5),
      weightMask: PersistentMask(density: 0.6, correlation: 0.3), trajectories: 500, batches: 2)
    let number = try MeanFieldSolver(problem).solve()
    func flat(_ value: Double) -> Schedule { .varying(TabulatedSchedule([value])) }
    problem.parts.timing = .steps(12, learningRate: flat(0.3))
    problem.parts.rule.weightDecay = flat(0.1)
    problem.sampleMask = PersistentMask(density: flat(0.4), .correlation(0.5))
    problem.weightMask = PersistentMask(density: flat(0.6), .correlation(0.3))
    let schedule = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss, .testError, .writes] {
      for (x, y) in zip(number.curve(observable).estimates, schedule.curve(observable).estimates) {
        #expect(abs(x.value - y.value) < 1e-12)
      }
    }
  }

  /// A readout that learns at two steps only is one of constant rate, started and stopped.
  @Test("the readout has a schedule of its own")
  func readout() throws {
    func solve(_ rate: Schedule) throws -> [[Double]] {
      let problem = Setup(
        data: Xor(separation: 1.2, variance: 0.4), samplesPerWeight: 2,
        network: Committee(activation: .erf, readout: [1, -1], readoutLearningRate: rate),
        start: Start(variance: 0.3, overlap: [[0.5, -0.1], [0.2, 0.7]]), learningRate: 0.2,
        steps: 6, theory: TheorySettings(trajectories: 500, batches: 2))
      let solution = try MeanFieldSolver(problem).solve()
      return (0..<2).map { k in
        solution.curve(.readout(0, k, outputs: 1)).estimates.map(\.value)
      }
    }
    let constant = try solve(0.5)
    let early = try solve(.varying(PiecewiseConstant(steps: [0, 2], values: [0.5, 0])))
    for k in 0..<2 {
      #expect(Array(early[k][...2]) == Array(constant[k][...2]))
      #expect(early[k][2...].allSatisfy { $0 == early[k][2] })
      #expect(constant[k][3] != constant[k][2])
    }
  }
}
