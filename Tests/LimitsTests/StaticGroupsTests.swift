import LearningProblem
import Limits
import MeanField
import Observables
import TestSupport
import Testing

/// `[inputs.static]`
@Suite("The static minimiser with inputs in groups")
struct StaticGroupsTests {
  private static func setup(_ loss: any Loss, basis: InputGroups.Basis = .inputs) -> Setup {
    var setup = Setup(
      data: TwoClusters(variance: 0.8), samplesPerWeight: 2, loss: loss, weightDecay: 0.2,
      start: Start(variance: 0.1), learningRate: 0.15, steps: 400)
    setup.inputs = GroupedInputs(
      shares: [0.5, 0.3, 0.2], variances: [0.1, 0.5, 2], signal: [[0.4, 1, 2.5]], basis: basis)
    return setup
  }

  /// No masks: inputs and axes end at the same place.
  @Test("closed descent ends there", arguments: [InputGroups.Basis.inputs, .axes])
  func square(basis: InputGroups.Basis) throws {
    var setup = Self.setup(SquareLoss(), basis: basis)
    setup.steps = 800
    setup.theory.history = .all
    let found = try StaticSolver(setup).solve()
    let curves = try MeanFieldSolver(setup).solve().curves
    func last(_ observable: Observable) throws -> Double {
      try #require(curves.named(observable).estimates.last).value
    }
    #expect(abs(try last(.magnetisation) - found.overlaps[0]) < 1e-8)
    #expect(abs(try last(.norm) - found.norm) < 1e-8)
    #expect(abs(try last(.trainingLoss) - found.trainingLoss) < 1e-8)
    #expect(abs(try last(.testLoss) - found.testLoss) < 1e-8)
    #expect(abs(try last(.testError) - found.testError) < 1e-8)
    #expect(abs(try last(.trainingError) - found.trainingError) < 1e-8)
    let cost = 2 * found.trainingLoss + 0.1 * found.norm
    #expect(abs(found.cost - cost) < 1e-12 && found.residual < 1e-11)
    #expect(abs(found.alignments[0] - found.overlaps[0] / found.norm.squareRoot()) < 1e-13)
  }

  /// The cost at its minimum changes by what is explicit in it. `[static.cost]`
  @Test("the slope of the cost in the decay is half the norm", arguments: [0, 1])
  func envelope(loss: Int) throws {
    var setup = Self.setup(loss == 0 ? LogisticLoss() : HingeLoss())
    func cost(_ decay: Double) throws -> Double {
      setup.weightDecay = decay
      return try StaticSolver(setup).solve().cost
    }
    let norm = try StaticSolver(setup).solve().norm
    let slope = (try cost(0.2 + 1e-4) - cost(0.2 - 1e-4)) / 2e-4
    #expect(abs(slope - 0.5 * norm) < 1e-6 * norm)
  }

  @Test("sampled descent ends there")
  func logistic() throws {
    var setup = Self.setup(LogisticLoss())
    setup.learningRate = 0.5
    setup.steps = 80
    setup.theory = TheorySettings(trajectories: 4000, batches: 6)
    let found = try StaticSolver(setup).solve()
    let curves = try MeanFieldSolver(setup).solve().curves
    for (observable, value) in [
      (Observable.magnetisation, found.overlaps[0]), (.norm, found.norm),
      (.trainingLoss, found.trainingLoss), (.testError, found.testError),
    ] {
      let last = try #require(curves.named(observable).estimates.last)
      #expect(
        abs(last.value - value) < 5 * last.standardError + 2e-4 * abs(value), "\(observable)")
    }
  }

  @Test("equal groups are one; thresholds are those of whitened inputs")
  func equal() throws {
    var setup = Self.setup(LogisticLoss())
    setup.inputs = AlikeInputs()
    let alike = try StaticSolver(setup).solve()
    setup.inputs = GroupedInputs(shares: [0.3, 0.7], variances: [1, 1])
    let grouped = try StaticSolver(setup).solve()
    #expect(abs(alike.norm - grouped.norm) < 1e-9 * alike.norm)
    #expect(abs(alike.response - grouped.response) < 1e-9 * alike.response)
    #expect(abs(alike.separabilityThreshold - grouped.separabilityThreshold) < 1e-9)
    // Signals that follow the variance are whitened to those of inputs that are alike.
    setup.inputs = GroupedInputs(
      shares: [0.5, 0.5], variances: [0.4, 1.6], signal: [[0.4, 1.6]])
    let followed = try StaticSolver(setup).solve()
    #expect(abs(alike.separabilityThreshold - followed.separabilityThreshold) < 1e-9)
    #expect(abs(alike.norm - followed.norm) > 1e-3)
    // One that does not: 0.5/0.4 + 0.5/1.6 = 1.5625 times as much.
    setup.inputs = GroupedInputs(shares: [0.5, 0.5], variances: [0.4, 1.6])
    let grown = try StaticSolver(setup).solve().separabilityThreshold
    setup.inputs = AlikeInputs()
    setup.data = TwoClusters(variance: 0.8 / 1.5625)
    #expect(abs(try StaticSolver(setup).solve().separabilityThreshold - grown) < 1e-8 * grown)
  }

  @Test("limits without decay are refused where all samples can be fit")
  func refused() throws {
    for (loss, alpha) in [(LogisticLoss() as any Loss, 1.0), (SquareLoss(), 0.8)] {
      var setup = Self.setup(loss)
      setup.weightDecay = 0
      setup.samplesPerWeight = alpha
      #expect(throws: SolverError.self) { try StaticSolver(setup).solve() }
    }
    var finite = Self.setup(SquareLoss())
    finite.weightDecay = 0
    #expect(try StaticSolver(finite).solve().norm.isFinite)
  }
}
