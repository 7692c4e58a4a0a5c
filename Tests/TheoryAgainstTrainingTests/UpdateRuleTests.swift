import LearningProblem
import MeanField
import Observables
import TestSupport
import Testing
import Training

@Suite("Update rules: theory against direct training")
struct UpdateRuleTests {
  struct Entry: Sendable, CustomStringConvertible {
    let rule: any UpdateRule
    /// The learning rate of the full-batch problem: large.
    let rate: Double
    var description: String { "\(rule)" }

    init(_ rule: any UpdateRule, rate: Double = 1) {
      self.rule = rule
      self.rate = rate
    }
  }

  static let entries = [
    Entry(PlainUpdate()), Entry(ClipUpdate(threshold: 0.4)), Entry(SignUpdate(), rate: 0.2),
    Entry(TopFractionUpdate(fraction: 0.2)), Entry(SoftThresholdUpdate(threshold: 0.3)),
    Entry(StochasticRoundingUpdate(quantum: 0.4)), Entry(LazyUpdate()),
    Entry(CachingUpdate(threshold: 0.4)), Entry(CachingUpdate(threshold: 0.4, decay: 0.2)),
    Entry(ErrorFeedbackUpdate(fraction: 0.2)), Entry(MomentumUpdate(coefficient: 0.6), rate: 0.5),
  ]

  @Test("every rule of the catalogue is compared")
  func complete() {
    let kinds = Set(Self.entries.map { $0.rule.kind })
    for entry in Catalogue.shipped.updates { #expect(kinds.contains(entry.kind), "\(entry.kind)") }
  }

  private func compare(_ problem: Setup) throws {
    let theory = try MeanFieldSolver(problem).solve().curves
    let training = try DirectTraining(problem).run()
    let comparison = Comparison(theory: theory, training: training)
    #expect(comparison.rows.count >= 10)
    for row in comparison.rows {
      #expect(row.agrees, "\(row.observable): largest distance \(row.largestDistance)")
      #expect(row.rmsDistance < 3.5, "\(row.observable): rms distance \(row.rmsDistance)")
    }
  }

  @Test("full batch with a large step, where wrong responses show", arguments: entries)
  func fullBatch(entry: Entry) throws {
    var problem = Cases.logistic(steps: 8)
    problem.learningRate = entry.rate
    problem.update = entry.rule
    problem.training = TrainingSettings(dimension: 1500, runs: 16)
    try compare(problem)
  }

  @Test("mini-batches, weight masks, square loss and an overlap", arguments: entries)
  func masked(entry: Entry) throws {
    var problem = Cases.square(
      steps: 12, sampleMask: PersistentMask(density: 0.5, correlation: 0.5),
      weightMask: PersistentMask(density: 0.6, correlation: 0.4))
    problem.start = Start(variance: 0.3, overlap: [[0.4]])
    problem.learningRate = entry.rate * problem.grid.rate(at: 0)
    problem.update = entry.rule
    problem.theory = TheorySettings(trajectories: 2000, batches: 8)
    problem.training = TrainingSettings(dimension: 1000, runs: 12)
    try compare(problem)
  }

  @Test("a response without its memory is flagged at a large step")
  func power() throws {
    // Top fraction .2 taken for the plain rule at the rate that gives the same descent: wrong.
    var problem = Cases.logistic(steps: 8)
    problem.learningRate = 1
    problem.update = TopFractionUpdate(fraction: 0.2)
    problem.training = TrainingSettings(dimension: 1500, runs: 16)
    let training = try DirectTraining(problem).run()
    problem.update = PlainUpdate()
    problem.learningRate = 0.64  // p + 2 θ φ(θ) at p = .2
    let wrong = try MeanFieldSolver(problem).solve().curves
    #expect(!Comparison(theory: wrong, training: training).agrees)
  }

  @Test("element masks with memory and several units, for a rule that competes")
  func committee() throws {
    var problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
      network: Committee(activation: .softplus, readout: [1, -1]), weightDecay: 0.1,
      start: Start(variance: 0.2, overlap: [[0.2], [-0.1]]), learningRate: 0.5, steps: 8,
      weightMask: PersistentMask(density: 0.5, correlation: 0.6),
      theory: TheorySettings(trajectories: 2000, batches: 8),
      training: TrainingSettings(dimension: 1000, runs: 12))
    try compare(problem)
    problem.update = TopFractionUpdate(fraction: 0.3)
    try compare(problem)
  }

  /// A threshold that nothing reaches leaves all of the change transient, and without decay the
  /// weights are those of the plain rule: c times its net change is paid at every step, by the
  /// theory as by training. `[observable.upkeep]`
  @Test(arguments: [true, false])
  func keepingAllChangesCostsTheirNetChange(isTheory: Bool) throws {
    func values(_ rule: any UpdateRule, _ observable: Observable) throws -> [Double] {
      let setup = Setup(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.1,
        start: Start(variance: 0.5), learningRate: 0.2, steps: 12,
        sampleMask: IndependentMask(density: 0.5), weightMask: IndependentMask(density: 0.6),
        update: rule,
        theory: TheorySettings(trajectories: 500, batches: 2, sites: .ensembleBoth),
        training: TrainingSettings(dimension: 200, runs: 2, seed: 7))
      let curves =
        try isTheory ? setup.theorySolver().solve().curves : DirectTraining(setup).run()
      return try #require(curves[observable]).estimates.map(\.value)
    }
    let caching = CachingUpdate(threshold: 1e6, transientCost: 0.25)
    let net = try values(PlainUpdate(), .netChange)
    let (cost, absolute) = (
      try values(caching, .transientCost), try values(caching, .absoluteChange)
    )
    var expected = 0.0
    for step in 0...12 {
      expected += 0.25 * net[step]
      #expect(abs(cost[step] - expected) < 1e-12 && abs(absolute[step] - expected) < 1e-12)
    }
    #expect(expected > 0.01)
    #expect(try values(caching, .netChange)[12] == 0 && values(caching, .writes)[12] == 0)
  }
}
