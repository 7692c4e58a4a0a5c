import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Training
import Testing

@Suite("Continuous time")
struct FlowTests {
  static func square(_ flow: Flow, mask: any Mask = FullMask()) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: SquareLoss(), weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.2]]), learningRate: 1, steps: 1, sampleMask: mask,
      theory: TheorySettings(sites: .closed)
    ).flowing(flow)
  }

  static func logistic(
    _ flow: Flow, mask: any Mask = FullMask(), trajectories: Int = 2000
  ) -> Setup {
    var problem = Cases.logistic(
      steps: 1, sampleMask: mask, trajectories: trajectories, batches: 4)
    problem.training = TrainingSettings(dimension: 500, runs: 8)
    return problem.flowing(flow)
  }

  static let persistent = PersistentMask(density: 0.4, time: 1.5)

  static func solve(_ problem: Setup, keepKernels: Bool = false) throws -> Solution {
    try problem.theorySolver(keepKernels: keepKernels).solve()
  }

  /// m, C(t, t) and the training loss at the last time.
  static func last(_ solution: Solution) -> [Double] {
    [.magnetisation, .norm, .trainingLoss].map { observable in
      solution.curve(observable).estimates.last?.value ?? .nan
    }
  }

  /// Two clusters, alpha 2, Delta 0.5, lambda 0.1, square loss, R0 0.5, m0 0.2 at t = 10: the
  /// numbers of `[flow.spectral]`.
  static let spectral = [0.6295291959971774, 0.7611097451287013, 0.08723813172288225]

  @Test("ridge flow: the spectral solution, with equal and with growing steps")
  func spectralSolution() throws {
    let flows = [
      (Flow(duration: 10, step: 0.05), 1e-7), (Flow(duration: 10, step: 0.05, growth: 0.05), 2e-5),
    ]
    for (flow, tolerance) in flows {
      let found = Self.last(try Self.solve(Self.square(flow)))
      for (x, y) in zip(found, Self.spectral) { #expect(abs(x - y) < tolerance) }
    }
  }

  enum Case: String, CaseIterable, Sendable { case equal, growing, persistent }

  /// The estimated error of the finer march falls with the square of the step, that of the
  /// extrapolation faster; the limit is that of Euler's steps.
  @Test("observed order", arguments: Case.allCases)
  func order(_ item: Case) throws {
    let solutions = try [0.1, 0.05, 0.025].map { step in
      try Self.solve(
        Self.square(
          Flow(duration: 6, step: step, growth: item == .growing ? 2 * step : 0),
          mask: item == .persistent ? Self.persistent : FullMask()))
    }
    let errors = solutions.compactMap { $0.diagnostics.flow?.discretisationError }
    let results = solutions.map(Self.last)
    if item != .growing {  // whose grids are not halves of each other
      for (coarse, fine) in zip(errors, errors.dropFirst()) {
        #expect(abs(log2(coarse / fine) - 2) < 0.15, "errors \(errors)")
      }
    }
    for k in 0..<3 {
      let steps = [results[1][k] - results[0][k], results[2][k] - results[1][k]]
      #expect(abs(steps[1]) < abs(steps[0]) / 5.5 + 1e-9, "\(item): \(results.map { $0[k] })")
    }
  }

  /// Euler's steps of the discrete rule, whose persistent mask has r = 1 - eta/(b tau),
  /// extrapolated.
  @Test("persistent mini-batches: the limit of the discrete rule")
  func discreteLimit() throws {
    let flow = Self.last(
      try Self.solve(Self.square(Flow(duration: 6, step: 0.05), mask: Self.persistent)))
    let discrete = try [0.02, 0.01, 0.005].map { eta in
      var problem = Self.square(Flow(duration: 6, step: 0.05), mask: Self.persistent)
      problem.timing = .steps(Int((6 / eta).rounded()), learningRate: eta)
      return Self.last(try MeanFieldSolver(problem).solve())
    }
    for k in 0..<3 {
      let x = discrete.map { $0[k] }
      let limit = (8 * x[2] - 6 * x[1] + x[0]) / 3  // first and second order removed
      #expect(abs(flow[k] - limit) < 2e-5, "\(flow[k]), \(limit) from \(x)")
      #expect(abs(x[2] - limit) > 5e-5, "the discrete rule itself is of first order")
    }
  }

  /// C(t, s) and R(t, s) = -∫ dν e^{-(λ + x)(t - s)}, both of second order. `[flow.kernels]`
  @Test("kernels of the ridge flow")
  func kernels() throws {
    let spectrum = DataSpectrum(alpha: 2, variance: 0.5)
    func response(_ time: Double) -> Double {
      -spectrum.bulk { x in exp(-(0.1 + x) * time) }
    }
    let errors = try [0.2, 0.1, 0.05].map { step in
      let solution = try Self.solve(Self.square(Flow(duration: 4, step: step)), keepKernels: true)
      let kernels = try #require(solution.kernels)
      let index = { (time: Double) in Int((time / step).rounded()) }
      return [(2.0, 1.0), (4, 1), (4, 3.8)].map { t, s in
        kernels.response[index(t), index(s), 0, 0] - response(t - s)
      }
    }
    for k in 0..<3 {
      #expect(abs(errors[2][k]) < 1e-3)
      #expect(abs(log2(abs(errors[1][k] / errors[2][k])) - 2) < 0.4, "\(errors)")
    }
    // C(t, s) against a fifth of the step.
    let coarse = try #require(
      try Self.solve(Self.square(Flow(duration: 4, step: 0.1)), keepKernels: true).kernels)
    let fine = try #require(
      try Self.solve(Self.square(Flow(duration: 4, step: 0.02)), keepKernels: true).kernels)
    for (t, s) in [(40, 40), (40, 10), (22, 6), (14, 0)] {
      #expect(abs(coarse.correlation[t, s, 0, 0] - fine.correlation[5 * t, 5 * s, 0, 0]) < 1e-4)
    }
  }

  /// The flow of a convex loss ends in the static minimiser. `[limit.static]`
  @Test("logistic loss: growing steps to t = 1000 end in the minimiser")
  func minimiser() throws {
    let solution = try Self.solve(Self.logistic(Flow(duration: 1000, step: 0.25, growth: 0.15)))
    let expected: [(Observable, Double)] = [
      (.magnetisation, 1.666886), (.norm, 3.910060), (.trainingLoss, 0.1751964),
    ]
    for (observable, value) in expected {
      let found = try #require(solution.curve(observable).estimates.last)
      #expect(abs(found.value - value) < 5 * found.standardError + 2e-5, "\(observable): \(found)")
    }
    let points = try #require(solution.diagnostics.flow).points
    #expect(points < 500, "\(points) points for t = 1000")
  }

  @Test("growing and equal steps agree within their errors")
  func growing() throws {
    let equal = try Self.solve(Self.logistic(Flow(duration: 20, step: 0.2)))
    let growing = try Self.solve(Self.logistic(Flow(duration: 20, step: 0.2, growth: 0.1)))
    for observable in [Observable.magnetisation, .norm, .trainingLoss, .testError] {
      let curve = growing.curve(observable)
      for (step, x) in zip(curve.steps, curve.estimates) {
        let y = try #require(equal.curve(observable).at(step: step))
        let joint = (x.standardError * x.standardError + y.standardError * y.standardError)
          .squareRoot()
        #expect(abs(x.value - y.value) < 4 * joint + 1e-6, "\(observable) at \(step): \(x), \(y)")
        #expect(joint < 0.02)
      }
    }
  }

  @Test("steps are halved until the tolerance holds")
  func tolerance() throws {
    let solution = try Self.solve(
      Self.square(Flow(duration: 10, step: 0.5, tolerance: 1e-4)))  // 0.5 is unstable
    let flow = try #require(solution.diagnostics.flow)
    #expect(flow.discretisationError <= 1e-4 && flow.discretisationError > 1e-5)
    for (x, y) in zip(Self.last(solution), Self.spectral) { #expect(abs(x - y) < 1e-5) }
    #expect(solution.curve(.magnetisation).steps == Array(0...20))
  }

  /// Length of the paths: at least the distance from the start, and of second order.
  @Test("path length")
  func lengths() throws {
    let lengths = try [0.1, 0.05, 0.0125].map { step in
      let solution = try Self.solve(Self.square(Flow(duration: 6, step: step)))
      #expect(!solution.curves.contains { $0.observable == .writes })
      let inefficiency = try #require(solution.curve(.inefficiency).estimates.last)
      #expect(inefficiency.value > 1 && inefficiency.value < 3)
      return try #require(solution.curve(.absoluteChange).estimates.last?.value)
    }
    let ratio = (lengths[0] - lengths[2]) / (lengths[1] - lengths[2])
    #expect(ratio > 3.5, "\(lengths)")
  }
}
