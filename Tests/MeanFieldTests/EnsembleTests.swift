import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

@Suite("Sampled sample site")
struct EnsembleTests {
  private static let pairs = Cases.sampleMasks.indices.flatMap { sample in
    Cases.weightMasks.indices.map { (sample, $0) }
  }

  @Test("agrees with the closed site for the square loss under every mask", arguments: pairs)
  func againstClosed(sample: Int, weight: Int) throws {
    var problem = Cases.square(
      steps: 30, sampleMask: Cases.sampleMasks[sample], weightMask: Cases.weightMasks[weight])
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 2000, batches: 16, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    #expect(exact.diagnostics.sampleSite.hasPrefix("closed"))
    #expect(sampled.diagnostics.sampleSite == "ensemble")
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      let a = exact.curve(observable).estimates
      let b = sampled.curve(observable).estimates
      for step in a.indices {
        // 7 standard errors of 16 batches (1500 comparisons, t with 15 degrees of freedom: a
        // false alarm in 200 runs); 1e-5 is the regularisation of the response.
        let allowed = 7 * b[step].standardError + 1e-5
        #expect(
          abs(a[step].value - b[step].value) < allowed,
          "\(observable) at step \(step): \(a[step].value) against \(b[step])")
      }
    }
  }

  @Test("full batch with square loss is exact to 1e-8, with no spread")
  func fullBatch() throws {
    var problem = Cases.logistic(steps: 30)
    problem.loss = SquareLoss()
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory.sites = .ensemble
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      for (a, b) in zip(exact.curve(observable).estimates, sampled.curve(observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-8)  // ν = 1e-9 of white noise
        #expect(b.standardError < 1e-9)
      }
    }
  }

  @Test("training error and activity of the closed full batch are those of the sampled one")
  func fullBatchError() throws {
    var problem = Cases.square(steps: 20)
    let exact = try MeanFieldSolver(problem).solve()
    problem.theory = TheorySettings(trajectories: 4000, batches: 16, sites: .ensemble)
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.trainingError, .activity] {
      for (a, b) in zip(
        exact.curve(observable).estimates, sampled.curve(observable).estimates)
      {
        #expect(a.standardError == 0)
        #expect(abs(a.value - b.value) < 5 * b.standardError + 1e-6, "\(observable)")
      }
    }
  }

  @Test("under masks they are read off a probe of the closed site", arguments: [1, 2, 3])
  func probe(mask: Int) throws {
    var problem = Cases.square(
      steps: 12, sampleMask: Cases.sampleMasks[mask], weightMask: IndependentMask(density: 0.5))
    problem.theory = TheorySettings(trajectories: 4000, batches: 16)
    let probed = try MeanFieldSolver(problem).solve()
    #expect(probed.diagnostics.sampleSite == "closed, with a sampled probe")
    #expect(probed.curve(.trainingLoss).estimates.allSatisfy { $0.standardError == 0 })
    problem.theory.sites = .ensemble
    problem.theory.sampling.seed = 3
    let sampled = try MeanFieldSolver(problem).solve()
    for observable in [Observable.trainingError, .activity] {
      let (a, b) = (probed.curve(observable).estimates, sampled.curve(observable).estimates)
      for step in a.indices {
        let joint =
          (a[step].standardError * a[step].standardError
          + b[step].standardError * b[step].standardError).squareRoot()
        #expect(
          abs(a[step].value - b[step].value) <= 6 * joint, "\(observable) at step \(step)")
      }
      #expect(a[12].standardError > 0)
    }
    problem.theory.sites = .closed
    let closed = try MeanFieldSolver(problem).solve()
    #expect(!closed.curves.contains { $0.observable == .activity })
    #expect(closed.diagnostics.batches == 1)
  }

  @Test("activity of the first step is E|h| of the start, of the samples that are on")
  func activity() throws {
    for density in [1.0, 0.4] {
      var problem = Cases.logistic(
        steps: 1, sampleMask: IndependentMask(density: density), trajectories: 20_000)
      problem.start = Start(variance: 0.1, overlap: [[0.6]])
      let estimate = try #require(
        try MeanFieldSolver(problem).solve().curve(.activity).at(step: 1))
      // h = ±.6 + √(Δ C) z with C = .1 + .36.
      let exact = NormalDistribution.meanSize(mean: 0.6, deviation: (0.5 * 0.46).squareRoot())
      #expect(abs(estimate.value - density * exact) < 5 * estimate.standardError)
      #expect(estimate.standardError < 0.01)
    }
  }

  @Test("tangent and Stein responses agree", arguments: [0, 1, 2])
  func responses(mask: Int) throws {
    var problem = Cases.logistic(
      steps: 20, sampleMask: Cases.sampleMasks[mask], trajectories: 1000, batches: 16)
    let stein = try MeanFieldSolver(problem, keepKernels: true).solve()
    problem.theory.response = .tangent
    problem.theory.sampling.seed = 7
    let tangent = try MeanFieldSolver(problem, keepKernels: true).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      let a = stein.curve(observable)
      let b = tangent.curve(observable)
      for step in [2, 5, 10, 20] {
        let x = try #require(a.at(step: step))
        let y = try #require(b.at(step: step))
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        #expect(abs(x.value - y.value) < 5 * joint, "\(observable) at step \(step)")
      }
    }
    // The instantaneous and the first remembered response, entry by entry.
    let a = try #require(stein.kernels).gradientResponse
    let b = try #require(tangent.kernels).gradientResponse
    let aError = try #require(stein.kernelErrors).gradientResponse
    let bError = try #require(tangent.kernelErrors).gradientResponse
    for t in 1..<20 {
      for s in [t, t - 1] {
        let (x, y) = (aError[t, s, 0, 0], bError[t, s, 0, 0])
        let joint = (x * x + y * y).squareRoot()
        #expect(abs(a[t, s, 0, 0] - b[t, s, 0, 0]) < 6 * joint + 1e-3, "chi(\(t), \(s))")
      }
      #expect(b[t, t - 1, 0, 0] < 0, "the gradient resists a field added before")
    }
  }

  /// C(t, t) is both a kernel and a curve: one mean, one standard error. `[sampling.errors]`
  @Test("means and errors of the kernels are those of the curves")
  func kernelErrors() throws {
    let problem = Cases.logistic(
      steps: 6, sampleMask: IndependentMask(density: 0.3), trajectories: 500, batches: 5)
    let solution = try MeanFieldSolver(problem, keepKernels: true).solve()
    let mean = try #require(solution.kernels).correlation
    let error = try #require(solution.kernelErrors).correlation
    for (t, norm) in solution.curve(.norm).estimates.enumerated() {
      #expect(abs(mean[t, t, 0, 0] - norm.value) < 1e-12)
      #expect(abs(error[t, t, 0, 0] - norm.standardError) < 1e-12)
      #expect(t == 0 || norm.standardError > 1e-9)
    }
  }

  @Test("the same bits for any number of threads", arguments: [1, 2, 3])
  func threads(count: Int) throws {
    let problem = Cases.logistic(
      steps: 12, sampleMask: PersistentMask(density: 0.3, correlation: 0.9), trajectories: 1200,
      batches: 2)
    let one = try MeanFieldSolver(problem, parallel: ParallelFor(threads: 1)).solve()
    let many = try MeanFieldSolver(problem, parallel: ParallelFor(threads: count)).solve()
    for (a, b) in zip(one.curves, many.curves) { #expect(a.estimates == b.estimates) }
  }

  @Test("doubling the trajectories moves nothing beyond the error bars", arguments: [0, 1, 2])
  func trajectories(mask: Int) throws {
    var problem = Cases.logistic(
      steps: 40, sampleMask: Cases.sampleMasks[mask], trajectories: 1000, batches: 16)
    let few = try MeanFieldSolver(problem).solve()
    problem.theory.sampling.trajectories = 2000
    problem.theory.sampling.seed = 11
    let many = try MeanFieldSolver(problem).solve()
    for observable in [Observable.magnetisation, .norm, .trainingLoss] {
      let x = try #require(few.curve(observable).at(step: 40))
      let y = try #require(many.curve(observable).at(step: 40))
      let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
        .squareRoot()
      #expect(abs(x.value - y.value) < 5 * joint, "\(observable): \(x) against \(y)")
    }
  }

  @Test("a divergent run names its step")
  func divergence() throws {
    var problem = Cases.logistic(steps: 60)
    problem.loss = SquareLoss()
    problem.learningRate = 5
    for sites in TheorySettings.Sites.allCases {
      problem.theory.sites = sites
      let solver = try MeanFieldSolver(problem)
      #expect {
        _ = try solver.solve()
      } throws: { error in
        guard case .diverged(let step, _) = error as? SolverError else { return false }
        return step > 1 && step < 30
      }
    }
  }

  @Test("too few trajectories are refused with the number needed")
  func tooFew() {
    // Twice 201 times and 2 clusters.
    let problem = Cases.logistic(steps: 200, trajectories: 406)
    let error = #expect(throws: SolverError.self) { try MeanFieldSolver(problem) }
    #expect(
      error
        == .unsupported(
          what: "theory.trajectories: 406 with 200 steps and 1 hidden unit(s)",
          instead: "more than 406 trajectories, preferably 4020 or more"))
    #expect(throws: Never.self) {
      try MeanFieldSolver(Cases.logistic(steps: 200, trajectories: 407))
    }
  }
}
