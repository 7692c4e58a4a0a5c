import Foundation
import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing

/// A decay that is a function of the time, against the exact solution of every eigenmode.
/// `[schedule.flow]`
@Suite("Schedules in continuous time")
struct FlowScheduleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let decay: Schedule
    /// ∫ λ dt from 0, by hand.
    let integral: @Sendable (Double) -> Double
  }

  private static let duration = 8.0

  static let cases = [
    Case(
      testDescription: "exponential",
      decay: .varying(ExponentialApproach(initial: 0.6, final: 0.1, rate: 0.5)),
      integral: { 0.1 * $0 + 0.5 * (1 - exp(-0.5 * $0)) / 0.5 }),
    Case(
      testDescription: "power",
      decay: .varying(PowerDecay(initial: 0.5, exponent: 0.5, timescale: 2)),
      integral: { 0.5 * 4 * ((1 + $0 / 2).squareRoot() - 1) }),
    Case(
      testDescription: "cosine",
      decay: .varying(CosineDecay(initial: 0.05, final: 0.45)),
      integral: { 0.25 * $0 - 0.2 * 8 / .pi * sin(.pi * $0 / 8) }),
    Case(
      testDescription: "linear, with a bend at a result",
      decay: .varying(PiecewiseLinear(times: [0, 2, 8], values: [0.5, 0.1, 0.4])),
      integral: {
        $0 < 2 ? 0.5 * $0 - 0.1 * $0 * $0 : 0.6 + 0.1 * ($0 - 2) + 0.025 * ($0 - 2) * ($0 - 2)
      }),
    Case(
      testDescription: "piecewise, with a jump at a result",
      decay: .varying(PiecewiseConstant(times: [0, 2], values: [0.1, 0.5])),
      integral: { $0 < 2 ? 0.1 * $0 : 0.2 + 0.5 * ($0 - 2) }),
  ]

  private static let start = Start(variance: 0.5, overlap: [[0.2]])

  private static func problem(_ decay: Schedule, _ flow: Flow) -> Setup {
    var problem = FlowTests.square(flow)
    problem.parts.rule.weightDecay = decay
    return problem
  }

  /// m, C and training loss after a quarter of the time and at its end, less the exact ones: the
  /// largest distance. Standard errors hold that of the finer march, and so are never exceeded.
  private static func distance(_ item: Case, _ flow: Flow) throws -> Double {
    let solution = try FlowTests.solve(problem(item.decay, flow))
    let exact = SpectralSolution(
      alpha: 2, variance: 0.5,
      RidgeMode(time: { Double($0) * flow.step }, decay: item.integral), start: start)
    var largest = 0.0
    let steps = solution.curve(.norm).steps
    for row in [steps.count / 4, steps.count - 1] {
      for (observable, value) in [
        (Observable.magnetisation, exact.magnetisation(steps[row])),
        (.norm, exact.correlation(steps[row], steps[row])),
        (.trainingLoss, exact.trainingLoss(steps[row])),
      ] {
        let found = solution.curve(observable).estimates[row]
        let distance = abs(found.value - value)
        #expect(distance < found.standardError + 1e-10, "\(observable), row \(row)")
        largest = max(largest, distance)
      }
    }
    return largest
  }

  @Test("the exact solution, with equal steps", arguments: cases)
  func equal(item: Case) throws {
    #expect(try Self.distance(item, Flow(duration: Self.duration, step: 0.05)) < 1e-6)
  }

  /// Stages of a growing step have times of their own.
  @Test("the exact solution, with growing steps", arguments: cases)
  func growing(item: Case) throws {
    let flow = Flow(duration: Self.duration, step: 0.05, growth: 0.05)
    #expect(try Self.distance(item, flow) < 4e-5)
  }

  @Test("a tolerance is kept", arguments: cases)
  func tolerance(item: Case) throws {
    let flow = Flow(duration: Self.duration, step: 0.2, tolerance: 1e-4)
    #expect(try Self.distance(item, flow) < 1e-6)
  }

  /// What is extrapolated has the errors of second order that it is told to have.
  @Test("observed order", arguments: cases)
  func order(item: Case) throws {
    let errors = try [0.1, 0.05].map { step in
      try #require(
        try FlowTests.solve(Self.problem(item.decay, Flow(duration: 4, step: step)))
          .diagnostics.flow?.discretisationError)
    }
    #expect(abs(log2(errors[0] / errors[1]) - 2) < 0.2, "\(errors)")
  }

  /// A schedule that stands still is a number.
  @Test("a constant line is the number")
  func constant() throws {
    let flow = Flow(duration: 2, step: 0.1)
    let line = Schedule.varying(PiecewiseLinear(times: [0], values: [0.1]))
    #expect(
      try FlowTests.last(FlowTests.solve(Self.problem(line, flow)))
        == FlowTests.last(FlowTests.solve(Self.problem(0.1, flow))))
  }

  static let refused: [(Setup, [String])] = {
    let flow = Flow(duration: 4, step: 0.1)
    func problem(_ decay: any ScheduleShape, _ flow: Flow = flow) -> Setup {
      Self.problem(.varying(decay), flow)
    }
    var masked = FlowTests.square(flow)
    masked.parts.rule.weightMask = PersistentMask(
      density: .varying(CosineDecay(initial: 0.3, final: 0.6)), .time(1))
    var steps = problem(PiecewiseLinear(times: [0, 2], values: [1, 2]))
    steps.timing = .steps(4, learningRate: 0.1)
    return [
      (
        problem(PiecewiseConstant(steps: [0, 2], values: [0.1, 0.2])),
        ["weight_decay", "piecewise", "is of steps", "piecewise or linear with times"]
      ),
      (
        problem(PiecewiseLinear(steps: [0, 2], values: [0.1, 0.2])),
        ["weight_decay", "is of steps, where a flow wants times"]
      ),
      (
        problem(PiecewiseLinear(times: [0, 1.25, 3], values: [0.1, 0.2, 0.1])),
        ["weight_decay", "1.25", "between two results", "such as 1.2"]
      ),
      (
        problem(
          PiecewiseLinear(times: [0, 3], values: [0.1, 0.2]),
          Flow(duration: 4, step: 0.1, growth: 0.2)),
        ["weight_decay", "3.0", "and grows"]
      ),
      (
        problem(ExponentialApproach(initial: 0.1, final: -0.1, rate: 2)),
        ["weight_decay", "at time 0.4", ">= 0"]
      ),
      (
        problem(PiecewiseConstant(times: [0, 1.25], values: [0.1, 0.2])),
        ["weight_decay", "1.25", "between two results", "such as 1.2"]
      ),
      (masked, ["weight_mask.kind", "found persistent", "full or independent"]),
      (steps, ["weight_decay", "a schedule with times", "time.kind flow"]),
    ]
  }()

  @Test("what a flow cannot follow is named", arguments: refused.indices)
  func errors(index: Int) {
    let (setup, words) = Self.refused[index]
    do {
      try setup.problem.validate()
      Issue.record("case \(index) was taken")
    } catch {
      for word in words { #expect("\(error)".contains(word), "\(error)") }
    }
  }
}
