import MaskedDMFT
import Synchronization
import TestSupport
import Testing

/// What a caller is told of how far a piece of work is.
@Suite("Progress")
struct ProgressTests {
  /// Collects fractions in the order in which they are told.
  final class Fractions: Sendable {
    private let values = Mutex([Double]())
    func add(_ value: Double) { values.withLock { $0.append(value) } }
    var all: [Double] { values.withLock { $0 } }
  }

  /// Two hidden units, one of which learns at each step; two paths.
  static let paths: Setup = {
    var setup = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
      network: Committee(activation: .erf, readout: [1, -1]), loss: SquareLoss(),
      start: Start(variance: 0.5, overlap: [[0], [0]]), learningRate: 0.2, steps: 5,
      weightMask: RowMask(density: 0.5),
      theory: TheorySettings(trajectories: 200, batches: 3),
      training: TrainingSettings(dimension: 20, runs: 3))
    setup.paths = 0..<2
    return setup
  }()

  /// Problems whose theory is solved in different ways.
  static let cases: [(name: String, setup: Setup)] = {
    var closed = Cases.square(steps: 30)
    closed.theory.sites = .closed
    var probed = Cases.square(steps: 30, sampleMask: IndependentMask(density: 0.5))
    probed.theory = TheorySettings(trajectories: 1500, batches: 3)
    let sampled = Cases.logistic(steps: 20, trajectories: 500, batches: 5)
    let persistent = PersistentMask(density: 0.4, time: 1.5)
    var square = Cases.square(steps: 1, sampleMask: persistent)
    square.theory.sites = .closed
    let halved = square.flowing(Flow(duration: 4, step: 1, tolerance: 1e-2))
    var steep = Cases.square(steps: 1)
    steep.theory.sites = .closed
    return [
      ("steps, closed", closed), ("steps, closed with probes", probed), ("steps, sampled", sampled),
      ("steps, paths", paths),
      ("flow", square.flowing(Flow(duration: 4, step: 0.5))),
      ("flow, sampled", sampled.flowing(Flow(duration: 2, step: 0.25))),
      ("flow, growing steps", sampled.flowing(Flow(duration: 10, step: 0.5, growth: 0.2))),
      ("flow, tolerance", halved),
      // Steps so large that the first marches diverge.
      (
        "flow, tolerance, diverging",
        steep.flowing(Flow(duration: 40, step: 4, tolerance: 1e-2))
      ),
    ]
  }()

  /// Fractions grow, and the last of them alone is 1.
  private func check(_ told: Fractions, _ name: String) {
    let fractions = told.all
    #expect(fractions.count > 1, "\(name)")
    for (before, after) in zip([0] + fractions, fractions) {
      #expect(before < after, "\(name): \(after) after \(before)")
    }
    #expect(fractions.last == 1, "\(name)")
  }

  @Test("of the theory grows and ends at 1, once", arguments: cases.indices, [1, 2])
  func theory(_ index: Int, threads: Int) throws {
    let (name, setup) = Self.cases[index]
    let told = Fractions()
    let solution = try setup.theorySolver(parallel: ParallelFor(threads: threads))
      .solve { told.add($0) }
    check(told, name)
    if let tolerance = setup.problem.timing.flow?.tolerance {
      let flow = try #require(solution.diagnostics.flow)
      #expect(flow.discretisationError < tolerance && flow.step < 0.5, "several marches: \(flow)")
    }
  }

  @Test("of training grows and ends at 1, once", arguments: [1, 2])
  func training(threads: Int) throws {
    var setup = Cases.square(steps: 10)
    setup.training = TrainingSettings(dimension: 20, runs: 3)
    for setup in [setup, setup.flowing(Flow(duration: 2, step: 0.5)), Self.paths] {
      let told = Fractions()
      _ = try DirectTraining(setup, parallel: ParallelFor(threads: threads)).run { told.add($0) }
      check(told, "\(setup.problem.timing), \(setup.paths)")
    }
  }
}
