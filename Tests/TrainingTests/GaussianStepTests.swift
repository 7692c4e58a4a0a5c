import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing
import Training

/// One step of every rule for G ~ N(0, 1) against the table of theory/1-problem.md: exact values of
/// how often, how far and how usefully a synapse changes. `[update.table]`
@Suite struct GaussianStepTests {
  /// M0 = P[written ≠ 0], M1 = E|written|, M2 = E[written²], D = E[G ψ].
  struct Moments: Sendable {
    var m0: Double
    var m1: Double
    var m2: Double
    var descent: Double

    var all: [Double] { [m0, m1, m2, descent] }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var rule: any UpdateRule
    var expected: Moments
    /// Size of |G| at which ψ or its slope jumps.
    var kinks: [Double] = []
    var threshold = 0.0
    var rate = 1.0
    /// Numbers from outside have six digits.
    var tolerance = 1e-6
  }

  // MARK: The normal law

  static func phi(_ x: Double) -> Double { exp(-0.5 * x * x) / (2 * Double.pi).squareRoot() }
  /// P[G > x].
  static func tail(_ x: Double) -> Double { NormalDistribution.cumulative(-x) }
  /// E[max(|G| - x, 0)].
  static func excess(_ x: Double) -> Double { 2 * (phi(x) - x * tail(x)) }
  static let mean = (2 / Double.pi).squareRoot()

  // MARK: By quadrature

  /// Integrates from one kink to the next, over chance as well: whole quanta jump at one chance.
  static func moments(_ item: Case) -> Moments {
    let ends = [0] + item.kinks.sorted() + [max(10, (item.kinks.max() ?? 0) + 1)]
    let pieces = zip(ends, ends.dropFirst()).flatMap { [($0, $1), (-$1, -$0)] }
    func average(_ value: @escaping (Double, SynapseChange) -> Double) -> Double {
      pieces.map { lower, upper in
        // The ends themselves belong to one side only; 10^-13 of the line is left out.
        Integration.integral(from: lower + 1e-13, to: upper - 1e-13) { gradient in
          phi(gradient) * overChance(item, gradient) { value(gradient, $0) }
        }
      }.reduce(0, +)
    }
    return Moments(
      m0: average { $1.written != 0 ? 1 : 0 }, m1: average { abs($1.written) },
      m2: average { $1.written * $1.written }, descent: average { $0 * $1.psi })
  }

  /// Mean over chance by midpoints, exact for what is constant on both sides of one jump.
  static func overChance(_ item: Case, _ gradient: Double, _ value: (SynapseChange) -> Double)
    -> Double
  {
    var jump = 1.0
    if let rounding = item.rule as? StochasticRoundingUpdate {
      let quanta = item.rate * gradient / rounding.quantum
      jump = 1 - (quanta - quanta.rounded(.down))
    }
    func result(_ chance: Double) -> Double {
      var memory = 0.0
      let step = UpdateStep(learningRate: item.rate, threshold: item.threshold, chance: chance)
      return value(item.rule.change(gradient: gradient, memory: &memory, in: step))
    }
    return jump * result(jump / 2) + (1 - jump) * result((1 + jump) / 2)
  }

  // MARK: Exact values

  /// The table of the design, to six digits.
  static let design = [
    Case(
      testDescription: "plain", rule: PlainUpdate(),
      expected: Moments(m0: 1, m1: 0.797885, m2: 1, descent: 1)),
    Case(
      testDescription: "top fraction 0.1", rule: TopFractionUpdate(fraction: 0.1),
      expected: Moments(m0: 0.1, m1: 0.206271, m2: 0.439286, descent: 0.439286),
      kinks: [NormalDistribution.quantile(0.95)], threshold: NormalDistribution.quantile(0.95)),
    Case(
      testDescription: "top fraction 0.5", rule: TopFractionUpdate(fraction: 0.5),
      expected: Moments(m0: 0.5, m1: 0.635553, m2: 0.928674, descent: 0.928674),
      kinks: [NormalDistribution.quantile(0.75)], threshold: NormalDistribution.quantile(0.75)),
    Case(
      testDescription: "clip 1", rule: ClipUpdate(threshold: 1),
      expected: Moments(m0: 1, m1: 0.631254, m2: 0.516059, descent: 0.682689), kinks: [1]),
    Case(
      testDescription: "sign", rule: SignUpdate(),
      expected: Moments(m0: 1, m1: 1, m2: 1, descent: 0.797885)),
  ]

  /// Closed forms derived in the chapter.
  static let derived: [Case] = {
    let (c, a) = (0.8, 0.6)
    let soft = Moments(
      m0: 2 * tail(c), m1: excess(c), m2: 2 * ((1 + c * c) * tail(c) - c * phi(c)),
      descent: 2 * tail(c))
    // P[at least n quanta] = [excess((n-1)a) - excess(na)]/a.
    let atLeast = (1...40).map { (excess(Double($0 - 1) * a) - excess(Double($0) * a)) / a }
    var second = 0.0
    for (n, probability) in atLeast.enumerated() {
      second += a * a * Double(2 * n + 1) * probability
    }
    let rounded = Moments(m0: atLeast[0], m1: mean, m2: second, descent: 1)
    let top = Moments(
      m0: 2 * tail(c), m1: 2 * phi(c), m2: 2 * (tail(c) + c * phi(c)),
      descent: 2 * (tail(c) + c * phi(c)))
    let plain = Moments(m0: 1, m1: mean, m2: 1, descent: 1)
    let multiples = (1...16).map { Double($0) * a }
    return [
      Case(
        testDescription: "soft-threshold", rule: SoftThresholdUpdate(threshold: c), expected: soft,
        kinks: [c], tolerance: 1e-10),
      // η 0.1 and q = 0.06: quanta of a = 0.6 in units of the gradient.
      Case(
        testDescription: "stochastic-rounding", rule: StochasticRoundingUpdate(quantum: 0.1 * a),
        expected: rounded, kinks: multiples, rate: 0.1, tolerance: 1e-10),
      Case(
        testDescription: "error-feedback, first step", rule: ErrorFeedbackUpdate(fraction: 0.3),
        expected: top, kinks: [c], threshold: c, tolerance: 1e-10),
      // Written as with competition at θ/η; the weight moves as with the plain rule.
      Case(
        testDescription: "caching, first step",
        rule: CachingUpdate(threshold: 0.1 * c, decay: 0.2),
        expected: Moments(m0: top.m0, m1: top.m1, m2: top.m2, descent: 1), kinks: [c], rate: 0.1,
        tolerance: 1e-10),
      Case(
        testDescription: "momentum, first step", rule: MomentumUpdate(coefficient: 0.7),
        expected: plain, tolerance: 1e-10),
      Case(
        testDescription: "lazy", rule: LazyUpdate(), expected: plain, tolerance: 1e-10),
      Case(
        testDescription: "sign", rule: SignUpdate(),
        expected: Moments(m0: 1, m1: 1, m2: 1, descent: mean), tolerance: 1e-10),
      Case(
        testDescription: "clip", rule: ClipUpdate(threshold: c),
        expected: Moments(
          m0: 1, m1: mean - excess(c),
          m2: 1 - 2 * tail(c) - 2 * c * phi(c) + 2 * c * c * tail(c),
          descent: erf(c / 2.0.squareRoot())), kinks: [c], tolerance: 1e-10),
    ]
  }()

  @Test("every rule of the catalogue has a row")
  func nothingIsMissing() {
    #expect(Set((Self.design + Self.derived).map(\.rule.kind)) == Set(Rules.kinds))
  }

  @Test(arguments: design + derived)
  func table(_ item: Case) {
    let found = Self.moments(item)
    for (value, expected) in zip(found.all, item.expected.all) {
      #expect(abs(value - expected) < item.tolerance)
    }
    #expect(found.descent > 0)
  }

  /// u and q in place of G and a: E|change| = |u|, the variance is |u| (q - |u|) and the
  /// probability of a write |u|/q, below one quantum. `[update.rounding]`
  @Test(arguments: [0.013, 0.3, 0.77])
  func roundingOfOneGradient(_ gradient: Double) {
    let (quantum, rate) = (0.2, 0.25)
    let item = Case(
      testDescription: "", rule: StochasticRoundingUpdate(quantum: quantum),
      expected: Moments(m0: 0, m1: 0, m2: 0, descent: 0), rate: rate)
    let u = rate * gradient
    func mean(_ value: (Double) -> Double) -> Double {
      Self.overChance(item, gradient) { value(rate * $0.written) }
    }
    #expect(abs(mean { $0 } - u) < 1e-15)
    #expect(abs(mean { abs($0) } - u) < 1e-15)
    #expect(abs(mean { ($0 - u) * ($0 - u) } - u * (quantum - u)) < 1e-15)
    #expect(abs(mean { $0 == 0 ? 0 : 1 } - u / quantum) < 1e-15)
  }

  // MARK: In training

  /// The first step from w = 0 with the square loss: G = -α v + √(αΔ) N(0, 1) is Gaussian. With a
  /// mask of density p on the synapses all moments carry p, competition or not. `[update.table]`
  @Test(arguments: design + derived)
  func firstStepOfTraining(_ item: Case) throws {
    let (alpha, variance, p) = (0.25, 0.5, 0.6)
    let deviation = (alpha * alpha + alpha * variance).squareRoot()
    let rate = item.rate / deviation
    let rule = Self.scaled(item.rule, by: deviation, item)
    guard !rule.learnsFromErrorsOnly else { return }  // f = 0 is no error
    let problem = Setup(
      data: TwoClusters(variance: variance), samplesPerWeight: alpha, loss: SquareLoss(),
      start: Start(variance: 0), learningRate: rate, steps: 1,
      weightMask: IndependentMask(density: p), update: rule,
      training: TrainingSettings(dimension: 4000, runs: 8, seed: 5))
    let curves = try DirectTraining(problem).run()
    // Changes are in units of η times the deviation of G; of η alone with the sign rule.
    let unit = rule is SignUpdate ? rate : item.rate
    let expected: [(Observable, Double)] = [
      (.writes, item.expected.m0), (.absoluteChange, unit * item.expected.m1),
      (.squaredChange, unit * unit * item.expected.m2),
    ]
    for (observable, value) in expected {
      let estimate = try #require(curves.first { $0.observable == observable }?.at(step: 1))
      // Student's t with 7 degrees of freedom: 1e-4 beyond 7.9; winners are counted, not drawn.
      #expect(abs(estimate.value - p * value) < 8 * estimate.standardError + 1e-4, "\(observable)")
      #expect(estimate.standardError < 0.02 * p * value)
    }
  }

  /// The same rule for gradients of the given standard deviation, at the rate of the case over it.
  static func scaled(_ rule: any UpdateRule, by scale: Double, _ item: Case) -> any UpdateRule {
    switch rule {
    case let clip as ClipUpdate: ClipUpdate(threshold: scale * (clip.threshold.constant ?? .nan))
    case let soft as SoftThresholdUpdate:
      SoftThresholdUpdate(threshold: scale * (soft.threshold.constant ?? .nan))
    case is ErrorFeedbackUpdate: ErrorFeedbackUpdate(fraction: item.expected.m0)
    default: rule
    }
  }
}
