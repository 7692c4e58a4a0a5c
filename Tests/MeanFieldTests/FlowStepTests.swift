import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Finite steps of a flow by hand, and what a flow takes or refuses. `[flow.scheme]`
@Suite("Flow: finite steps")
struct FlowStepTests {
  /// m and C(t, t) of the ridge flow after `steps` steps of Adams and Bashforth, mode by mode.
  private static func ridge(_ problem: Setup, steps: Int, step h: Double) -> [Double] {
    let (alpha, delta) = (problem.samplesPerWeight, problem.data.variance)
    let m0 = problem.start.overlap[0][0]
    let spectrum = DataSpectrum(alpha: alpha, variance: delta)
    /// What is left of the start, and what a unit drive has made.
    func mode(_ x: Double) -> (kept: Double, learned: Double) {
      let y = problem.weightDecay + x
      var (p, f) = ([1, 1 - h * y], [0, h])
      for n in 1..<steps {
        p.append(p[n] - h * y * (1.5 * p[n] - 0.5 * p[n - 1]))
        f.append(f[n] - h * (1.5 * (y * f[n] - 1) - 0.5 * (y * f[n - 1] - 1)))
      }
      return (p[steps], f[steps])
    }
    let (c, k) = (1 / (1 + delta), (alpha + delta) / (1 + delta))
    return [
      spectrum.signal { m0 * mode($0).kept + c * $0 * mode($0).learned },
      problem.start.variance * spectrum.bulk { pow(mode($0).kept, 2) }
        + spectrum.signal { x in
          let (p, f) = mode(x)
          return m0 * m0 * p * p + 2 * m0 * c * x * p * f + k * x * f * f
        },
    ]
  }

  @Test("four and eight steps of the ridge flow, extrapolated")
  func byHand() throws {
    var problem = FlowTests.square(Flow(duration: 1, step: 0.25))
    problem.start = Start(variance: 30, overlap: [[0.2]])
    let solution = try problem.theorySolver(keepKernels: true).solve()
    let coarse = Self.ridge(problem, steps: 4, step: 0.25)
    let fine = Self.ridge(problem, steps: 8, step: 0.125)
    for (index, observable) in [Observable.magnetisation, .norm].enumerated() {
      let found = try #require(solution.curve(observable).estimates.last)
      let correction = (fine[index] - coarse[index]) / 3
      #expect(abs(found.value - fine[index] - correction) < 1e-9)
      #expect(abs(found.standardError - abs(correction)) < 1e-9)
    }
    let flow = try #require(solution.diagnostics.flow)
    #expect(flow.step == 0.125 && flow.points == 8)
    // Relative to the value where that is above 1.
    let largest =
      solution.curves.filter { $0.observable != .inefficiency }
      .flatMap(\.estimates).map { $0.standardError / max(1, abs($0.value)) }.max() ?? 0
    #expect(abs(flow.discretisationError / largest - 1) < 0.1)
    // The gradient h - y answers at once, whatever the step.
    let kernels = try #require(solution.kernels)
    for t in 0..<4 { #expect(abs(kernels.gradientResponse[t, t, 0, 0] - 1) < 1e-9) }
  }

  struct Stiff: Sendable { let alpha, variance, decay: Double }

  /// An outlier, the edge of the bulk and the weight decay as the largest curvature.
  @Test(
    "growing steps stay stable",
    arguments: [
      Stiff(alpha: 4, variance: 0.1, decay: 0.1), Stiff(alpha: 1, variance: 2, decay: 0.1),
      Stiff(alpha: 0.5, variance: 0.1, decay: 6),
    ])
  func stable(_ stiff: Stiff) throws {
    let results = try [0, 0.2].map { growth in
      let problem = Setup(
        data: TwoClusters(variance: stiff.variance), samplesPerWeight: stiff.alpha,
        loss: SquareLoss(), weightDecay: stiff.decay,
        start: Start(variance: 0.5, overlap: [[0.2]]), learningRate: 1, steps: 1,
        theory: TheorySettings(sites: .closed)
      ).flowing(Flow(duration: 20, step: 0.08, growth: growth))
      return FlowTests.last(try problem.theorySolver().solve())
    }
    for (x, y) in zip(results[0], results[1]) { #expect(abs(x - y) < 2e-3, "\(results)") }
  }

  @Test("a tolerance below the sampling errors is given up, and said to be")
  func noise() throws {
    let solution = try FlowTests.logistic(
      Flow(duration: 0.2, step: 0.1, tolerance: 1e-9), trajectories: 100
    ).theorySolver().solve()
    #expect(solution.diagnostics.notes.contains { $0.contains("as small as the sampling errors") })
  }

  /// The norm of a batch has the same spread in the curves, apart from the error of the steps.
  @Test("standard errors of extrapolated kernels")
  func kernelErrors() throws {
    let solution = try FlowTests.logistic(Flow(duration: 1, step: 0.05), trajectories: 200)
      .theorySolver(keepKernels: true).solve()
    let errors = try #require(solution.kernelErrors).correlation
    let ratios = (10...20).map { t in
      errors[t, t, 0, 0] / solution.curve(.norm).estimates[t].standardError
    }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    #expect(mean > 0.6 && mean < 1.6, "\(ratios)")
  }

  @Test("the step divides the duration")
  func division() {
    let flow = Flow(duration: 1, step: 0.3)
    #expect(flow.step == 0.25 && flow.steps == 4)
    // Rounding: duration/step is just below, or above, a whole number.
    #expect(
      Flow(duration: 2.1, step: 0.3).steps == 7 && Flow(duration: 0.9, step: 0.03).steps == 30)
    for n in [29, 53, 58] { #expect(Flow(duration: 10, step: 10 / Double(n)).steps == n) }
  }

  /// Next to no samples of a machine with a large variance: dw/dt = -Γ(C) w with Γ_12 = αD tanh(D
  /// C_12), each gradient with the Γ of its own time.
  @Test("machine: two marches by hand")
  func machine() throws {
    let (alpha, variance, m) = (1e-4, 1e4, [0.011, 0.009])
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: alpha,
      network: Boltzmann(hidden: 2, variance: variance),
      start: Start(variance: 1e-4, overlap: m.map { [$0] }), learningRate: 1, steps: 1,
      theory: TheorySettings(trajectories: 200, batches: 2)
    ).flowing(Flow(duration: 1, step: 0.25))
    /// C_11, C_12 and C_22 from w_k over the normals of the start and v.
    func march(_ steps: Int) -> [Double] {
      var w = [[0.01, 0, m[0]], [0, 0.01, m[1]]]
      var previous: [[Double]]?
      for _ in 0..<steps {
        let pair = tanh(variance * DenseVector.dot(w[0], w[1]))
        let g: [[Double]] = (0...1).map { k in
          (0...2).map { i in alpha * variance * (w[k][i] + pair * w[1 - k][i]) }
        }
        let old = previous ?? g
        for k in 0...1 {
          for i in 0...2 { w[k][i] -= (1.5 * g[k][i] - 0.5 * old[k][i]) / Double(steps) }
        }
        previous = g
      }
      return [
        DenseVector.dot(w[0], w[0]), DenseVector.dot(w[0], w[1]), DenseVector.dot(w[1], w[1]),
      ]
    }
    let solution = try problem.theorySolver().solve()
    for (index, (k, l)) in [(0, 0), (0, 1), (1, 1)].enumerated() {
      let found = try #require(solution.curve(.norm(k, l, single: false)).estimates.last)
      let (coarse, fine) = (march(4)[index], march(8)[index])
      #expect(abs(found.value - fine - (fine - coarse) / 3) < 2e-8, "\(found), \(fine)")
    }
  }

  @Test("growing steps are refused for switches and without a bound of the curvature")
  func refused() throws {
    let flow = Flow(duration: 2, step: 0.1, growth: 0.1)
    let masked = FlowTests.logistic(flow, mask: FlowTests.persistent)
    let committee = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
      network: Committee(activation: .erf, readout: [1, 0.5]), loss: SquareLoss(),
      start: Start(variance: 0.1, overlap: [[0], [0]]), learningRate: 1, steps: 1
    ).flowing(flow)
    for (problem, reason) in [
      (masked, "sample mask"), (masked.replicated(), "sample mask"), (committee, "committee"),
      (FlowTests.logistic(flow).replicated(), "no known bound"),
    ] {
      let error = #expect(throws: SolverError.self) { try problem.theorySolver() }
      guard case .unsupported(let what, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(what.contains(reason), "\(what)")
    }
  }
}
