import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Gradients by the adjoint against differences of the march itself. `[gradient.adjoint]`
@Suite("Gradients of the closed march")
struct AdjointTests {
  static let steps = 12

  /// Numbers that differ from step to step, the same at every call.
  static func numbers(_ low: Double, _ high: Double, _ seed: UInt64) -> [Double] {
    var stream = RandomStream(seed: seed, purpose: .check, index: 0)
    return (0..<steps).map { _ in low + (high - low) * stream.uniform() }
  }

  /// A problem whose controls differ from step to step.
  static func controlled(
    _ setup: Setup, samples: ControlledProblem.Chain? = chain(3),
    weights: ControlledProblem.Chain? = chain(4)
  ) -> ControlledProblem {
    ControlledProblem(
      setup: setup, rates: numbers(0.1, 0.35, 1), decays: numbers(0.02, 0.2, 2),
      samples: samples, weights: weights)
  }

  /// A chain that remembers.
  static func chain(_ seed: UInt64) -> ControlledProblem.Chain {
    ControlledProblem.Chain(
      densities: numbers(0.5, 0.6, seed), correlations: numbers(0.2, 0.6, seed + 10))
  }

  /// Switches that are drawn anew.
  static func independent(_ seed: UInt64) -> ControlledProblem.Chain {
    ControlledProblem.Chain(
      densities: numbers(0.3, 0.8, seed), correlations: numbers(0, 0, seed))
  }

  /// Switches that are always on, from below.
  static func full() -> ControlledProblem.Chain {
    ControlledProblem.Chain(densities: numbers(1, 1, 1), correlations: numbers(0, 0, 1))
  }

  /// A chain whose correlation follows from a persistence time.
  static func timed(_ seed: UInt64) -> ControlledProblem.Chain {
    ControlledProblem.Chain(
      densities: numbers(0.45, 0.55, seed), correlations: numbers(0, 0, seed), timeConstant: 1.1)
  }

  private static let mean: Setup = {
    var setup = Cases.square(steps: steps)
    setup.gradientScale = .mean
    setup.start = Start(variance: 0.4, overlap: [[0.2]])
    return setup
  }()

  private static let directions: Setup = {
    var setup = Cases.square(steps: steps)
    setup.data = Mixture(clusters: [
      Cluster(probability: 0.5, centre: [1, 0.3], label: 1, variance: 0.6),
      Cluster(probability: 0.3, centre: [-0.7, 0.9], label: -1, variance: 0.6),
      Cluster(probability: 0.2, centre: [0.2, -1.1], label: -1, variance: 0.6),
    ])
    setup.start = Start(variance: 0.4, overlap: [[0.2, -0.1]])
    return setup
  }()

  private static func grouped(_ setup: Setup) -> Setup {
    var setup = setup
    setup.start = Start(variance: 0.4, overlap: [[0.2]])
    return setup
  }

  private static let groupedDirections: Setup = {
    var setup = directions
    setup.inputs = GroupedInputs(
      shares: [0.6, 0.4], variances: [0.7, 1.2],
      signal: [[0.5, 1.75], [0.2, -0.3], [1.4, 0.4]])
    return setup
  }()

  private static let noisy: Setup = {
    var setup = mean
    setup.weightNoise = WeightNoise(sigma: 0.4)
    return setup
  }()

  private static let groups = grouped(
    InputGroupsTests.square(InputGroupsTests.groups(), steps: steps))
  private static let axes = grouped(
    InputGroupsTests.square(InputGroupsTests.groups(.axes), steps: steps))
  private static let shapes = grouped(ClusterShapesTests.square(steps: steps))
  private static let shapesOnAxes = grouped(ClusterShapesTests.square(.axes, steps: steps))

  private static let epochs: Setup = {
    var setup = mean
    setup.sampleMask = EpochMask(epochSteps: 3)
    return setup
  }()

  static let cases: [(name: String, problem: ControlledProblem)] = [
    ("chains, sum", controlled(Cases.square(steps: steps))),
    ("chains, mean", controlled(mean)),
    ("independent, mean", controlled(mean, samples: independent(5), weights: independent(6))),
    ("full", controlled(Cases.square(steps: steps), samples: full(), weights: full())),
    ("full, mean", controlled(mean, samples: full(), weights: full())),
    ("directions", controlled(directions)),
    ("noise of the weights", controlled(noisy)),
    ("epochs, mean", controlled(epochs, samples: nil)),
    ("groups", controlled(groups)),
    ("groups, full", controlled(groups, samples: full(), weights: full())),
    ("groups in two directions", controlled(groupedDirections)),
    ("axes", controlled(axes, weights: independent(6))),
    ("axes, full", controlled(axes, weights: full())),
    ("shapes", controlled(shapes)),
    ("shapes on axes", controlled(shapesOnAxes, weights: independent(6))),
    ("shapes, full", controlled(shapes, samples: full(), weights: full())),
    ("persistence times, sum", controlled(groups, samples: timed(7), weights: timed(8))),
    ("persistence times, mean", controlled(mean, samples: timed(7), weights: timed(8))),
  ]

  /// What is known of full batches only.
  private static let ofFullBatches: Set<Quantity> = [.trainingError, .activity]
  /// What is known without a weight mask only.
  private static let ofAllWeights: Set<Quantity> = [.absoluteChange, .netChange, .inefficiency]

  /// All observables at the last step, one after the other, and many of them at several steps.
  private static func sums(_ observables: [Observable]) -> [ObservedSum] {
    let sets = [[], ofFullBatches, ofAllWeights, ofFullBatches.union(ofAllWeights)]
    return observables.map { ObservedSum($0, at: steps) }
      + sets.map { without in
        ObservedSum(
          observables.enumerated().filter { !without.contains($1.quantity) }.flatMap {
            index, observable in
            [0, 1, 5, steps - 1, steps].map {
              ObservedSum.Term(observable, at: $0, times: 0.3 + 0.1 * Double((index + $0) % 5))
            }
          })
      }
  }

  /// Every control at every step, every mask, groups in both bases, clusters of different
  /// variances, both gradient scales, every observable.
  @Test("against differences of the march", arguments: cases.indices)
  func differences(index: Int) throws {
    let (name, problem) = Self.cases[index]
    let adjoint = try ClosedAdjoint(problem.problem)
    let sums = Self.sums(adjoint.observables)
    let gradients = try sums.map { try adjoint.gradient(of: $0) }
    for (value, gradient) in zip(try problem.values(sums), gradients) {
      #expect(abs(gradient.value - value) < 1e-12 * max(1, abs(value)))
    }
    func expect(
      _ control: WritableKeyPath<ControlledProblem, [Double]>, _ label: String,
      unknown: Set<Quantity> = [], _ found: (ControlGradient) -> [Double]?
    ) throws {
      let isKnown = sums.map { sum in
        sum.terms.allSatisfy { !unknown.contains($0.observable.quantity) }
      }
      #expect(zip(isKnown, gradients).allSatisfy { $0 == (found($1) != nil) }, "\(name), \(label)")
      let known = zip(sums, gradients).enumerated().filter { isKnown[$0.offset] }.map(\.element)
      let exact = try problem.differences(known.map(\.0), control)
      for ((sum, gradient), exact) in zip(known, exact) {
        let found = try #require(found(gradient))
        let scale = max(exact.map(abs).max() ?? 0, 1e-3)
        for step in exact.indices {
          #expect(
            abs(found[step] - exact[step]) < 1e-7 * scale,
            """
            \(name), \(label) at \(step): \(found[step]), differences \(exact[step]), of \
            \(sum.terms.count == 1 ? sum.terms[0].observable.name : "all")
            """)
        }
      }
    }
    try expect(\.rates, "learning rate", \.learningRate)
    try expect(\.decays, "weight decay", \.weightDecay)
    if problem.samples != nil {
      try expect(
        \.samples!.densities, "b", unknown: Self.ofFullBatches, \.sampleDensity)
    } else {
      #expect(gradients.allSatisfy { $0.sampleDensity == nil })
    }
    try expect(
      \.weights!.densities, "p", unknown: Self.ofAllWeights, \.weightDensity)
    if let chain = problem.samples, chain.timeConstant == nil, chain.correlations[1] != 0 {
      try expect(\.samples!.correlations, "r", \.partial.sampleCorrelation)
    }
    if let chain = problem.weights, chain.timeConstant == nil, chain.correlations[1] != 0 {
      try expect(\.weights!.correlations, "rho", \.partial.weightCorrelation)
    }
  }

  /// From an adjoint of its own (Python), of training loss + norm/2 + 0.3 m + 0.02 squared change
  /// of the problem of theory/17-schedules.md with r = ρ = 0.5.
  @Test("numbers of a separate implementation")
  func numbers() throws {
    func line(_ first: Double, _ last: Double) -> Schedule {
      .varying(PiecewiseLinear(steps: [0, 40], values: [first, last]))
    }
    var setup = Cases.square(
      steps: 40, sampleMask: PersistentMask(density: line(0.2, 0.8), .correlation(0.5)),
      weightMask: PersistentMask(density: line(0.8, 0.3), .correlation(0.5)))
    setup.parts.timing = .steps(
      40, learningRate: .varying(PowerDecay(initial: 0.3, exponent: 0.5, timescale: 10)))
    let gradient = try ClosedAdjoint(setup.problem).gradient(
      of: ObservedSum([
        .init(.trainingLoss, at: 40), .init(.norm, at: 40, times: 0.5),
        .init(.magnetisation, at: 40, times: 0.3), .init(.squaredChange, at: 40, times: 0.02),
      ]))
    #expect(abs(gradient.value - 0.57461205) < 6e-9)
    func expect(_ found: [Double]?, _ values: [Double], _ steps: [Int] = [0, 5, 20, 39]) throws {
      for (step, value) in zip(steps, values) {
        #expect(abs(try #require(found)[step] - value) < 6e-9)
      }
    }
    let partial = gradient.partial
    try expect(partial.learningRate, [0.00263890, 0.00237597, 0.00486907, 0.00711676])
    try expect(partial.weightDecay, [-0.01055232, -0.01027436, -0.01262830, -0.02995984])
    try expect(partial.gradientScale, [0.00184690, 0.00160943, 0.00210618, 0.00396049])
    try expect(partial.sampleDensity, [0.00480377, 0.00390848, 0.00297814, 0.00381977])
    try expect(partial.weightDensity, [-0.00393386, -0.00114748, 0.00050965, 0.00181347])
    let into = [1, 5, 20, 39]
    try expect(
      partial.sampleCorrelation, [0.00045962, 0.00043078, 0.00046122, 0.00033234], into)
    try expect(
      partial.weightCorrelation, [0.00084253, 0.00086062, 0.00042540, 0.00026457], into)
  }

  /// By hand: m(1) = m_0 - η p (l m_0 + μ), l = λ + α b Δ, μ = α b (m_0 - 1).
  @Test("one step by hand")
  func firstStep() throws {
    var setup = Cases.square(
      steps: 1, sampleMask: IndependentMask(density: 0.4),
      weightMask: IndependentMask(density: 0.6))
    setup.start = Start(variance: 0.5, overlap: [[0.2]])
    let gradient = try ClosedAdjoint(setup.problem).gradient(
      of: ObservedSum(.magnetisation, at: 1))
    let (eta, p, b, pull, drive) = (0.3, 0.6, 0.4, 0.1 + 2 * 0.4 * 0.5, 2 * 0.4 * -0.8)
    let step = pull * 0.2 + drive
    #expect(abs(gradient.value - (0.2 - eta * p * step)) < 1e-15)
    #expect(abs(gradient.learningRate[0] + p * step) < 1e-15)
    #expect(abs(gradient.weightDecay[0] + eta * p * 0.2) < 1e-15)
    #expect(abs(try #require(gradient.weightDensity)[0] + eta * step) < 1e-15)
    let byDensity = try #require(gradient.sampleDensity)[0]
    #expect(abs(byDensity + eta * p * 2 * (0.5 * 0.2 - 0.8)) < 1e-15)
    #expect(abs(gradient.partial.gradientScale[0] - b * byDensity) < 1e-15)
  }

  @Test("what has no adjoint is refused with advice")
  func refusals() throws {
    func advice(_ change: (inout Setup) -> Void) -> String {
      var setup = Cases.square(steps: 4)
      change(&setup)
      do {
        _ = try ClosedAdjoint(setup.problem)
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(advice { _ in }.isEmpty)
    #expect(advice { $0.loss = LogisticLoss() }.contains("loss logistic"))
    #expect(advice { $0.update = SignUpdate() }.contains("update sign"))
    #expect(advice { $0.data = LinearTeacher(labels: .sign) }.contains("data linear-teacher"))
    #expect(advice { $0.dropout = Dropout(inputs: 0.2) }.contains("dropout 0.2"))
    #expect(advice { $0.weightMask = RowMask(density: 0.5) }.contains("row weight mask"))
    #expect(
      advice { $0.parts.timing = .flow(Flow(duration: 1, step: 0.1)) }.contains("learning_rate"))
    #expect(
      advice { $0.steps = 200_000 }.contains("memory")
        && advice { $0.steps = 200_000 }.contains("fewer steps"))
    let adjoint = try ClosedAdjoint(Cases.square(steps: 4).problem)
    #expect(throws: SolverError.self) {
      try adjoint.gradient(of: ObservedSum(.testLoss, at: 5))
    }
    #expect(throws: SolverError.self) {
      try adjoint.gradient(of: ObservedSum(.optimalWeightNoise, at: 1))
    }
  }
}
