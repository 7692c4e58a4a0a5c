import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// Masks that are drawn anew, in continuous time: they change the clock. `[schedule.speed]`
/// `[schedule.restart]`
@Suite("Densities in continuous time")
struct FlowSpeedTests {
  /// Numbers that are functions of the time, and the time s at which the flow without masks is at
  /// the same point.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: LearningRule
    let clock: @Sendable (Double) -> Double
  }

  private static func rule(
    decay: Schedule = 0.1, samples: Schedule = 1.0, weights: Schedule = 1.0,
    scale: LearningRule.GradientScale = .sum
  ) -> LearningRule {
    LearningRule(
      weightDecay: decay, gradientScale: scale, sampleMask: IndependentMask(density: samples),
      weightMask: IndependentMask(density: weights))
  }

  static let falling = Case(
    testDescription: "p falls",
    rule: rule(weights: .varying(ExponentialApproach(initial: 1, final: 0.2, rate: 0.5))),
    clock: { 0.2 * $0 + 1.6 * (1 - exp(-0.5 * $0)) })

  static let jumping = Case(
    testDescription: "p jumps",
    rule: rule(weights: .varying(PiecewiseConstant(times: [0, 2], values: [1, 0.4]))),
    clock: { $0 < 2 ? $0 : 2 + 0.4 * ($0 - 2) })

  static let cases = [
    falling, jumping,
    Case(testDescription: "p is a number", rule: rule(weights: 0.6), clock: { 0.6 * $0 }),
    Case(
      testDescription: "b and the decay rise",
      rule: rule(
        decay: .varying(CosineDecay(initial: 0.02, final: 0.1)),
        samples: .varying(CosineDecay(initial: 0.2, final: 1))),
      clock: { 0.6 * $0 - 0.4 * 8 / .pi * sin(.pi * $0 / 8) }),
    Case(
      testDescription: "b of a mean",
      rule: rule(samples: .varying(PowerDecay(initial: 0.8, timescale: 2)), scale: .mean),
      clock: { $0 }),
    Case(
      testDescription: "b and the decay jump while p falls",
      rule: rule(
        decay: .varying(PiecewiseConstant(times: [0, 2], values: [0.05, 0.1])),
        samples: .varying(PiecewiseConstant(times: [0, 2], values: [0.5, 1])),
        weights: .varying(PiecewiseLinear(times: [0, 8], values: [1, 0.2]))),
      clock: { t in
        let passed = { (t: Double) in t - 0.05 * t * t }
        return t < 2 ? 0.5 * passed(t) : passed(t) - 0.5 * passed(2)
      }),
    Case(
      testDescription: "p of a table",
      rule: rule(weights: .varying(TabulatedSchedule(times: [0, 2, 8], values: [0.3, 1, 0.5]))),
      clock: {
        $0 < 2
          ? 0.3 * $0 + 0.175 * $0 * $0 : 1.3 + ($0 - 2) - ($0 - 2) * ($0 - 2) / 24
      }),
  ]

  private static func problem(_ item: Case, _ flow: Flow) -> Setup {
    var problem = FlowTests.square(flow)
    problem.parts.rule = item.rule
    return problem
  }

  /// m, C and training loss at times 2 and 8, less the exact ones: the largest distance.
  private static func distance(_ item: Case, _ flow: Flow) throws -> Double {
    let setup = problem(item, flow)
    let solution = try FlowTests.solve(setup)
    let exact = SpectralSolution(
      alpha: 2, variance: 0.5,
      RidgeMode(time: { item.clock(Double($0) * flow.step) }, decay: { 0.1 * $0 }),
      start: Start(variance: 0.5, overlap: [[0.2]]))
    var largest = 0.0
    for time in [2.0, 8] {
      let step = Int((time / flow.step).rounded())
      for (observable, value) in [
        (Observable.magnetisation, exact.magnetisation(step)),
        (.norm, exact.correlation(step, step)), (.trainingLoss, exact.trainingLoss(step)),
      ] {
        let found = try #require(solution.curve(observable).at(step: step))
        let distance = abs(found.value - value)
        #expect(distance < found.standardError + 1e-10, "\(observable), time \(time)")
        largest = max(largest, distance)
      }
    }
    return largest
  }

  @Test("the flow without masks at another time, with equal steps", arguments: cases)
  func equal(item: Case) throws {
    let distance = try Self.distance(item, Flow(duration: 8, step: 0.05))
    #expect(distance < 3e-6)
  }

  /// 2 is a result of these.
  @Test("the flow without masks at another time, with growing steps", arguments: cases)
  func growing(item: Case) throws {
    let flow = Flow(duration: 8, step: 0.05, growth: 0.04)
    #expect(try Self.distance(item, flow) < 1e-4)
  }

  @Test("observed order", arguments: cases)
  func order(item: Case) throws {
    let errors = try [0.1, 0.05, 0.025].map { step in
      try #require(
        try FlowTests.solve(Self.problem(item, Flow(duration: 4, step: step)))
          .diagnostics.flow?.discretisationError)
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 2) < 0.2, "\(errors)")
    }
  }

  /// R(t, s) = -p(s) ∫ dν e^{-(λ + x)(clock(t) - clock(s))}: from the start, from a jump and from
  /// the result before. `[flow.kernels]`
  @Test("responses", arguments: [falling, jumping], [0.1, 0.05])
  func response(item: Case, step: Double) throws {
    let spectrum = DataSpectrum(alpha: 2, variance: 0.5)
    let flow = Flow(duration: 4, step: step)
    let last = flow.steps
    let setup = Self.problem(item, flow)
    let kernels = try #require(try FlowTests.solve(setup, keepKernels: true).kernels)
    let grid = setup.grid
    let density = try #require(setup.problem.rule.weightMask.switchDensity)
    let half = last / 2
    for (t, s) in [
      (last, last / 4), (last, 0), (last, half), (last, half - 1), (last, last - 1), (10, 8),
    ] {
      let passed = item.clock(Double(t) * flow.step) - item.clock(Double(s) * flow.step)
      let exact = -grid.value(of: density, at: s) * spectrum.bulk { exp(-(0.1 + $0) * passed) }
      #expect(abs(kernels.response[t, s, 0, 0] - exact) < 1.6 * step * step, "R(\(t), \(s))")
    }
  }

  @Test("the path is as long, at another time")
  func length() throws {
    let speed = try FlowTests.solve(Self.problem(Self.falling, Flow(duration: 8, step: 0.05)))
    let end = Self.falling.clock(8)
    let plain = try FlowTests.solve(FlowTests.square(Flow(duration: end, step: end / 100)))
    let lengths = try [speed, plain].map {
      try #require($0.curve(.absoluteChange).estimates.last?.value)
    }
    #expect(abs(lengths[0] - lengths[1]) < 2e-5, "\(lengths)")
  }

  /// The noise of mini-batches adds to lengths for any step. `[flow.lengths]`
  @Test("no length is reported where mini-batches average out")
  func noLength() throws {
    var setup = FlowTests.square(Flow(duration: 1, step: 0.25))
    setup.training = TrainingSettings(dimension: 40, runs: 2)
    for (mask, isLength) in [
      (IndependentMask(density: 0.5), false), (IndependentMask(density: 1), true),
    ] {
      setup.parts.rule = Self.rule(samples: mask.density)
      let curves = try [FlowTests.solve(setup).curves, DirectTraining(setup).run()]
      for curve in curves {
        #expect(curve.contains { $0.observable == .absoluteChange } == isLength)
        #expect(curve.contains { $0.observable == .inefficiency } == isLength)
        #expect(curve.contains { $0.observable == .netChange })
      }
    }
  }

  /// A stable number of stages knows the largest speed and strength. `[flow.steepness]`
  @Test("strengths that rise make more stages")
  func stages() throws {
    func points(_ rule: LearningRule) throws -> Int {
      var setup = FlowTests.square(Flow(duration: 40, step: 0.2, growth: 0.2))
      setup.parts.rule = rule
      return try #require(try FlowTests.solve(setup).diagnostics.flow?.points)
    }
    let full = try points(Self.rule())
    let rising = Schedule.varying(CosineDecay(initial: 0.1, final: 1))
    #expect(try points(Self.rule(weights: rising)) == full)
    #expect(try points(Self.rule(samples: rising)) == full)
    #expect(try points(Self.rule(weights: 0.1)) < full)
  }

  /// Euler's steps of the discrete rule, extrapolated. `[schedule.rates]`
  @Test(
    "persistent mini-batches: the limit of the discrete rule",
    arguments: [(0.8, 0.3, 0.5), (0.3, 0.8, 0.2)])
  func persistent(initial: Double, final: Double, rate: Double) throws {
    func problem(_ unit: Double) -> Setup {
      FlowTests.square(
        Flow(duration: 4, step: 0.05),
        mask: PersistentMask(
          density: .varying(
            ExponentialApproach(initial: initial, final: final, rate: rate * unit)),
          .time(1.5)))
    }
    let flow = FlowTests.last(try FlowTests.solve(problem(1)))
    let discrete = try [0.02, 0.01, 0.005].map { eta in
      var setup = problem(eta)
      setup.timing = .steps(Int((4 / eta).rounded()), learningRate: eta)
      return FlowTests.last(try MeanFieldSolver(setup).solve())
    }
    for k in 0..<3 {
      let x = discrete.map { $0[k] }
      let limit = (8 * x[2] - 6 * x[1] + x[0]) / 3
      #expect(abs(flow[k] - limit) < 3e-5, "\(flow[k]), \(limit) from \(x)")
    }
  }

  @Test("observed order of persistent mini-batches, whose density jumps as well")
  func persistentOrder() throws {
    let densities: [any ScheduleShape] = [
      ExponentialApproach(initial: 0.8, final: 0.3, rate: 0.5),
      PiecewiseConstant(times: [0, 2], values: [0.7, 0.3]),
    ]
    for density in densities {
      let errors = try [0.1, 0.05, 0.025].map { step in
        try #require(
          try FlowTests.solve(
            FlowTests.square(
              Flow(duration: 4, step: step),
              mask: PersistentMask(density: .varying(density), .time(1.5)))
          ).diagnostics.flow?.discretisationError)
      }
      for (coarse, fine) in zip(errors, errors.dropFirst()) {
        #expect(abs(log2(coarse / fine) - 2) < 0.25, "\(density): \(errors)")
      }
    }
  }
}
