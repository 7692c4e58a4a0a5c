import LearningProblem
import MeanField
import NumericalKit
import Observables
import Synchronization
import TestSupport
import Testing

/// What probes must give whatever their random numbers. `[sampling.probe]`
/// `[sampling.weightprobe]`
@Suite("Probes of closed sites")
struct ProbeTests {
  static let count = 600  // sampled pairs, and coordinates

  static func problem(_ mask: any Mask & WeightMask) -> Setup {
    var problem = Cases.square(steps: NaiveProbe.steps, sampleMask: mask, weightMask: mask)
    problem.start = Start(variance: 0.5, overlap: [[0.3]])
    problem.weightNoise = WeightNoise(sigma: 0.2)
    problem.theory = TheorySettings(trajectories: count, batches: 2, seed: 5)
    return problem
  }

  static let masks: [any Mask & WeightMask] = [
    PersistentMask(density: 0.4, correlation: 0.6), IndependentMask(density: 0.5),
  ]

  @Test("probes are not biased by few trajectories, and as precise as the sampled sites")
  func precision() throws {
    var problem = Self.problem(PersistentMask(density: 0.4, correlation: 0.6))
    problem.theory = TheorySettings(trajectories: 200, batches: 400)
    let few = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 20_000, batches: 8, seed: 2)
    let many = try MeanFieldSolver(problem).solve()
    for observable in [
      Observable.trainingError, .activity, .absoluteChange, .netChange, .inefficiency,
    ] {
      for t in [1, 10, 70] {
        let x = few.curve(observable).estimates[t]
        let y = many.curve(observable).estimates[t]
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        // 15 comparisons in normal errors, nearly: 4.5 of them once in 10,000 seeds.
        #expect(abs(x.value - y.value) < 4.5 * joint, "\(observable) at \(t): \(x), \(y)")
      }
    }
    // All 200 weights of 400 batches are in the histogram: its error is that of their number in
    // the innermost bins, to 4 % of 400 batches and 8 % of their common scale.
    let density = try #require(few.weightDensities)[0][WeightHistogram.centres.count / 2]
    let share = 2 * WeightHistogram.width * density.value
    let expected = (share * (1 - share) / 80_000).squareRoot() / (2 * WeightHistogram.width)
    #expect(abs(density.standardError / expected - 1) < 0.2, "\(density), \(expected)")
  }

  @Test("weights that start at zero: every label is missed by chance, and steps go on")
  func zeroStart() throws {
    var problem = Self.problem(IndependentMask(density: 0.5))
    problem.start = Start(variance: 0)
    problem.weightNoise = WeightNoise()
    let solution = try MeanFieldSolver(problem).solve()
    let error = solution.curve(.trainingError).estimates
    #expect(error[0].value == 0.5 && error[0].standardError == 0)
    #expect(error[NaiveProbe.steps].value < 0.2)
    // h(0) = 0, though e(0) = -y is not.
    #expect(abs(solution.curve(.activity).estimates[1].value) < 1e-12)
    #expect(solution.curve(.netChange).estimates[1].value > 0.1)
  }

  @Test("progress counts one march, and each probe of each batch")
  func progress() throws {
    let problem = Self.problem(IndependentMask(density: 0.5))
    let told = Mutex([Double]())
    _ = try MeanFieldSolver(problem).solve { fraction in told.withLock { $0.append(fraction) } }
    let fractions = told.withLock { $0.sorted() }
    #expect(fractions.count == (1 + 2 * 2) * NaiveProbe.steps)
    #expect(fractions.last == 1)
  }

  static let variants: [(String, any DataModel, Double)] = [
    ("dropout", TwoClusters(variance: 0.5), 0.4), ("three", ThreeClusters(variance: 0.5), 0),
    ("regression", LinearTeacher(noise: 0.4), 0), ("signs", LinearTeacher(labels: .sign), 0),
  ]

  /// Dropout of inputs, teachers and three clusters have terms of their own. `[site.dropout]`
  @Test("training error and activity are those of the sampled site", arguments: [0, 1, 2, 3])
  func againstSampled(variant: Int) throws {
    let (name, data, dropout) = Self.variants[variant]
    var problem = Cases.square(
      steps: 12, sampleMask: PersistentMask(density: 0.4, correlation: 0.6))
    problem.data = data
    problem.gradientScale = .mean
    problem.learningRate = 0.1
    problem.start = Start(variance: 0.5, overlap: [[0.3]])
    problem.dropout = Dropout(inputs: dropout)
    problem.theory = TheorySettings(trajectories: 20_000, batches: 16, seed: 3)
    let probed = try MeanFieldSolver(problem).solve()
    problem.theory.sites = .ensemble
    problem.theory.sampling.seed = 4
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.trainingError, .activity] {
      let pairs = zip(probed.curve(observable).estimates, sampled.curve(observable).estimates)
      for (t, (x, y)) in pairs.enumerated() {
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        // 100 comparisons with some 25 degrees of freedom: a false alarm in 1000 seeds.
        #expect(
          abs(x.value - y.value) <= 5.5 * joint, "\(name): \(observable) at \(t): \(x), \(y)")
      }
    }
  }

  @Test("all of the way is net change at first: inefficiency 1 without error")
  func firstStep() throws {
    let solution = try MeanFieldSolver(Self.problem(IndependentMask(density: 0.5))).solve()
    let inefficiency = solution.curve(.inefficiency).estimates
    #expect(abs(inefficiency[1].value - 1) < 1e-12)
    #expect(inefficiency.dropFirst(2).allSatisfy { $0.value > 1 })
  }

  @Test("results do not depend on the number of threads")
  func threads() throws {
    let problem = Self.problem(IndependentMask(density: 0.5))
    let one = try MeanFieldSolver(problem, parallel: ParallelFor(threads: 1)).solve()
    for threads in [2, 3] {
      let more = try MeanFieldSolver(problem, parallel: ParallelFor(threads: threads)).solve()
      for (a, b) in zip(one.curves, more.curves) {
        #expect(a.estimates.map(\.value) == b.estimates.map(\.value), "\(a.observable)")
      }
    }
  }
}
