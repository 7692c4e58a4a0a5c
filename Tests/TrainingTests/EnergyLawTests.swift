import Foundation
import LearningProblem
import Observables
import TestSupport
import Testing
import Training

/// Exact laws of the energy that a rule spends, on actual runs.
@Suite struct EnergyLawTests {
  /// The logistic case, small.
  static func problem(
    _ rule: any UpdateRule, learningRate: Double = 0.2, steps: Int = 12,
    sampleMask: any Mask = IndependentMask(density: 0.5),
    weightMask: any WeightMask = IndependentMask(density: 0.6), loss: any Loss = LogisticLoss(),
    dimension: Int = 400
  ) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: loss, weightDecay: 0.1,
      start: Start(variance: 0.5), learningRate: learningRate, steps: steps,
      sampleMask: sampleMask, weightMask: weightMask, update: rule,
      training: TrainingSettings(dimension: dimension, runs: 2, seed: 7))
  }

  // MARK: Squared change buys descent

  static let gradientLike: [(any UpdateRule, any WeightMask)] = [
    (PlainUpdate(), FullMask()), (PlainUpdate(), IndependentMask(density: 0.4)),
    (PlainUpdate(), FrozenMask(density: 0.4)), (TopFractionUpdate(fraction: 0.2), FullMask()),
    (TopFractionUpdate(fraction: 0.3), IndependentMask(density: 0.5)),
  ]

  /// M2/(η ΔL) at time 1.6, with the objective of `[problem.dynamics.objective]` per weight.
  static func price(_ rule: any UpdateRule, _ mask: any WeightMask, _ loss: any Loss, steps: Int)
    throws
    -> Double
  {
    let rate = 1.6 / Double(steps)
    let problem = problem(
      rule, learningRate: rate, steps: steps, sampleMask: FullMask(), weightMask: mask, loss: loss)
    let curves = try DirectTraining(problem).run()
    let losses = values(curves, .trainingLoss)
    let norms = values(curves, .norm(0, 0, single: true))
    func objective(_ step: Int) -> Double { 2 * losses[step] + 0.05 * norms[step] }
    return values(curves, .squaredChange)[steps] / (rate * (objective(0) - objective(steps)))
  }

  /// If ψ² = G ψ, M2 = η [L(0) - L(T)] (1 + O(η)), and the correction is of first order: halving η
  /// halves it. `[observable.squaredchange]`
  @Test(arguments: gradientLike.indices, [true, false])
  func squaredChangeIsRateTimesDescent(_ index: Int, _ logistic: Bool) throws {
    let (rule, mask) = Self.gradientLike[index]
    let loss: any Loss = logistic ? LogisticLoss() : SquareLoss()
    let excess = try [32, 64, 128].map { steps in
      try Self.price(rule, mask, loss, steps: steps) - 1
    }
    #expect(excess[0] > 0.001 && excess[0] < 0.1)
    for (coarse, fine) in zip(excess, excess.dropFirst()) {
      // Observed order 1 up to terms of the next order: 1.07 at the largest η.
      #expect(abs(log2(coarse / fine) - 1) < 0.1)
    }
  }

  /// Where ψ² ≠ G ψ there is no such law: clipping buys descent cheaply in squares, sign dearly.
  @Test func otherRulesPayAnotherPrice() throws {
    let clip = try Self.price(ClipUpdate(threshold: 0.2), FullMask(), LogisticLoss(), steps: 64)
    let sign = try Self.price(SignUpdate(), FullMask(), LogisticLoss(), steps: 64)
    #expect(clip < 0.8 && sign > 1.5)
  }

  // MARK: Inefficiency

  @Test(arguments: Rules.kinds)
  func inefficiencyIsAtLeastOne(_ kind: String) throws {
    let curves = try DirectTraining(Self.problem(Rules.rule(kind), steps: 25)).run()
    let inefficiency = values(curves, .inefficiency)
    #expect(inefficiency[0] == 1)
    #expect(inefficiency.allSatisfy { $0 >= 1 - 1e-12 })
    #expect(inefficiency[25] > 1.001, "mini-batches make synapses turn back")
    let (absolute, net) = (values(curves, .absoluteChange), values(curves, .netChange))
    #expect(zip(absolute, net).allSatisfy { $0 >= $1 - 1e-12 })
    #expect(absolute == absolute.sorted())
  }

  // MARK: Rules that coincide

  static let coincidences: [(any UpdateRule, [Observable])] = [
    (TopFractionUpdate(fraction: 1), []), (MomentumUpdate(coefficient: 0), []),
    (ErrorFeedbackUpdate(fraction: 1), []), (ClipUpdate(threshold: 1e9), []),
    // The path is that of the plain rule, bit by bit; only what is written differs.
    (
      CachingUpdate(threshold: 0.3),
      [.writes, .absoluteChange, .squaredChange, .netChange, .inefficiency]
    ),
    (CachingUpdate(threshold: 1e-12), []),
  ]

  @Test(arguments: coincidences.indices)
  func sameBitsAsPlain(_ index: Int) throws {
    let (rule, different) = Self.coincidences[index]
    let plain = try DirectTraining(Self.problem(PlainUpdate())).run()
    let curves = try DirectTraining(Self.problem(rule)).run()
    #expect(curves.count == plain.count)
    for (curve, expected) in zip(curves, plain) {
      let same = curve.estimates.map(\.value) == expected.estimates.map(\.value)
      #expect(same != different.contains(curve.observable), "\(curve.observable)")
    }
  }

  /// Caching without decay writes less often, and the lasting parts stay within θ of the weights.
  /// `[update.caching]`
  @Test func cachingWritesLess() throws {
    let plain = try DirectTraining(Self.problem(PlainUpdate(), steps: 30)).run()
    let caching = try DirectTraining(Self.problem(CachingUpdate(threshold: 0.3), steps: 30)).run()
    let (often, rarely) = (values(plain, .writes)[30], values(caching, .writes)[30])
    #expect(rarely > 0 && rarely < 0.5 * often)
    #expect(values(caching, .absoluteChange)[30] < 0.8 * values(plain, .absoluteChange)[30])
    for (far, near) in zip(values(plain, .netChange), values(caching, .netChange)) {
      #expect(abs(far - near) <= 0.3)
    }
    // Every write is larger than θ.
    #expect(values(caching, .absoluteChange)[30] > 0.3 * rarely)
    #expect(values(caching, .squaredChange)[30] > 0.09 * rarely)
  }

  // MARK: Masks

  /// A fraction p of the synapses that are on wins, up to rounding to whole synapses.
  @Test(arguments: ["top-fraction", "error-feedback"], [0, 1])
  func competitionIsAmongThoseOn(_ kind: String, _ mask: Int) throws {
    let masks: [any WeightMask] = [FrozenMask(density: 0.6), IndependentMask(density: 0.6)]
    func writes(_ rule: any UpdateRule) throws -> [Double] {
      try values(DirectTraining(Self.problem(rule, weightMask: masks[mask])).run(), .writes)
    }
    let (on, winners) = (try writes(PlainUpdate()), try writes(Rules.rule(kind)))
    for step in 1...12 {
      let (present, changed) = (on[step] - on[step - 1], winners[step] - winners[step - 1])
      #expect(abs(changed - 0.3 * present) <= 0.5 / 400 + 1e-12)
      #expect(present > 0.5 && present < 0.7)
    }
  }

  /// With every synapse off nothing happens, whatever a rule remembers or ranks. `[problem.update]`
  @Test(arguments: Rules.kinds)
  func nothingMovesWhenAllAreOff(_ kind: String) throws {
    let problem = Self.problem(
      Rules.rule(kind), sampleMask: FullMask(), weightMask: FrozenMask(density: 1e-9),
      dimension: 50)
    let curves = try DirectTraining(problem).run()
    for observable in [Observable.trainingLoss, .norm(0, 0, single: true), .netChange, .writes] {
      let curve = values(curves, observable)
      #expect(curve.count == 13 && curve.allSatisfy { $0 == curve[0] }, "\(observable)")
    }
    #expect(values(curves, .writes)[12] == 0)
  }

  // MARK: Lazy

  /// Without errors there is nothing to learn from: no write, though the samples are presented and
  /// their loss is not zero. `[update.lazy]`
  @Test func lazySynapsesRestWhenAllIsRight() throws {
    func curves(_ rule: any UpdateRule) throws -> [Curve] {
      var problem = Self.problem(rule, sampleMask: FullMask(), weightMask: FullMask())
      problem.data = TwoClusters(variance: 0.01)
      problem.start = Start(variance: 0, overlap: [[1]])
      problem.weightDecay = 0
      return try DirectTraining(problem).run()
    }
    let lazy = try curves(LazyUpdate())
    #expect(values(lazy, .trainingError)[0] == 0)
    #expect(values(lazy, .writes)[12] == 0)
    let (loss, activity) = (values(lazy, .trainingLoss), values(lazy, .activity))
    #expect(loss[0] > 0.2 && loss[12] == loss[0])
    // |h| = m + O(d^-1/2) at every step.
    #expect(abs(activity[12] - 12 * activity[1]) < 1e-12 && abs(activity[1] - 1) < 0.1)
    #expect(try values(curves(PlainUpdate()), .writes)[12] == 12)
  }

  // MARK: Activity

  /// Samples that are presented half of the time cost half. `[observable.activity]`
  @Test func activityCountsWhatIsPresented() throws {
    func activity(_ mask: any Mask) throws -> [Double] {
      var problem = Self.problem(PlainUpdate(), sampleMask: mask, dimension: 2000)
      problem.learningRate = 1e-12
      return try values(DirectTraining(problem).run(), .activity)
    }
    let (full, half) = (try activity(FullMask()), try activity(EpochMask(epochSteps: 2)))
    // E|h| = √(2ΔR0/π), 4000 fields in each of two runs: 5 standard errors are 4 %.
    let expected = (2 * 0.5 * 0.5 / Double.pi).squareRoot()
    #expect(full[0] == 0 && abs(full[1] / expected - 1) < 0.04)
    for step in [2, 4, 12] {
      #expect(abs(full[step] - Double(step) * full[1]) < 1e-5)
      #expect(abs(half[step] - 0.5 * full[step]) < 1e-5)
    }
    #expect(abs(half[1] - 0.5 * full[1]) > 1e-5)
  }
}
