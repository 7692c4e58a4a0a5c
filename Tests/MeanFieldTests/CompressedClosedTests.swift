import Foundation
import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

extension Setup {
  /// Its solution with a row of the past for each step.
  func withAllRows() throws -> Solution {
    var setup = self
    setup.theory.history = .all
    return try MeanFieldSolver(setup).solve()
  }

  /// Its solution in a frame. `[frame.rows]`
  func compressed(width: Int, degree: Int, tolerance: Double = .infinity) throws -> Solution {
    var setup = self
    setup.theory.history = .compressed
    let solution = try MeanFieldSolver(setup).resolved(
      HistoryFrame.Resolution(width: width, degree: degree, tolerance: tolerance)
    ).solve()
    // Without a frame both sides of a comparison would be the same march.
    let frame = try #require(solution.diagnostics.frame, "\(solution.diagnostics.notes)")
    #expect(frame.width == width && frame.degree == degree && frame.rows <= steps)
    return solution
  }

  /// Expects frames of closed sites in groups to agree with all rows, under masks that remember
  /// where these act on inputs; where every merge keeps all it merges nothing is lost.
  func expectFramesAgree(sourceLocation: SourceLocation = #_sourceLocation) throws {
    var setup = self
    setup.learningRate = 0.1
    setup.theory.sites = .closed
    if dynamics.groups?.basis == .inputs {
      setup.sampleMask = PersistentMask(density: 0.3, time: 1)
      setup.weightMask = PersistentMask(density: 0.5, time: 1)
    }
    let all = try setup.withAllRows()
    for (width, degree, accuracy) in [(4, 4, 1e-4), (2, 300, 1e-10)] {
      let framed = try setup.compressed(width: width, degree: degree)
      #expect(framed.largestDifference(from: all) < accuracy, sourceLocation: sourceLocation)
    }
  }
}

extension Solution {
  /// The largest difference of any curve from that of another solution, relative to max(1, |x|);
  /// infinity if there are other curves.
  func largestDifference(from other: Solution) -> Double {
    guard curves.map(\.observable) == other.curves.map(\.observable) else { return .infinity }
    var largest = 0.0
    for (x, y) in zip(curves, other.curves) {
      for (a, b) in zip(x.estimates, y.estimates) {
        let difference = abs(a.value - b.value) / max(1, abs(b.value))
        guard difference.isFinite else { return .infinity }
        largest = max(largest, difference)
      }
    }
    return largest
  }
}

/// Closed equations in a frame of the past against a row for each step, where nothing is sampled.
/// `[frame.weights]` `[frame.tables]`
@Suite("Compressed past: closed equations")
struct CompressedClosedTests {
  private static func square(
    _ sampleMask: any Mask, _ weightMask: any WeightMask, steps: Int = 300
  ) -> Setup {
    var setup = Cases.square(steps: steps, sampleMask: sampleMask, weightMask: weightMask)
    setup.learningRate = 0.1
    setup.start = Start(variance: 0.5, overlap: [[0.3]])
    setup.theory.sites = .closed
    return setup
  }

  static let cases: [(name: String, setup: Setup)] = {
    let samples = PersistentMask(density: 0.3, time: 1)
    let weights = PersistentMask(density: 0.5, time: 1)
    var taught = square(samples, weights)
    taught.data = LinearTeacher(noise: 0.3)
    taught.gradientScale = .mean
    var dropout = square(IndependentMask(density: 0.4), weights)
    dropout.dropout = Dropout(inputs: 0.3)
    var signs = square(samples, IndependentMask(density: 0.5))
    signs.data = LinearTeacher(labels: .sign)
    signs.dropout = Dropout(inputs: 0.2)
    return [
      ("persistent, persistent", square(samples, weights)),
      (
        "alternating, alternating",
        square(
          PersistentMask(density: 0.5, correlation: -0.4),
          PersistentMask(density: 0.5, correlation: -0.5))
      ),
      ("full, full", square(FullMask(), FullMask())),
      ("full, independent", square(FullMask(), IndependentMask(density: 0.5))),
      ("frozen, full", square(FrozenMask(density: 0.4), FullMask())),
      ("independent, full", square(IndependentMask(density: 0.4), FullMask())),
      ("independent, frozen", square(IndependentMask(density: 0.4), FrozenMask(density: 0.6))),
      ("teacher", taught), ("dropout of inputs", dropout), ("signs of a teacher, dropout", signs),
    ]
  }()

  @Test("every curve of 300 steps", arguments: cases.indices)
  func agree(index: Int) throws {
    let (name, setup) = Self.cases[index]
    let compressed = try setup.compressed(width: 4, degree: 4)
    #expect(compressed.diagnostics.batches == 1)
    let difference = compressed.largestDifference(from: try setup.withAllRows())
    // Without noise of the mask kernels are less smooth where the march starts.
    let isSmooth = !["full, full", "frozen, full"].contains(name)
    #expect(difference < (isSmooth ? 1e-8 : 1e-5), "\(name): \(difference)")
    #expect(difference > 0, "no merge was lossy")
  }

  /// The degree and the tolerance of sampled marches, where nothing is sampled. `[frame.degree]`
  @Test("frames of sampled marches are far below the noise", arguments: [0, 0.5, 0.9, 0.99, 0.999])
  func sampledResolution(correlation: Double) throws {
    let setup = Self.square(PersistentMask(density: 0.3, correlation: correlation), FullMask())
    let framed = try setup.compressed(width: 4, degree: 2, tolerance: 2.2e-4)
    let difference = framed.largestDifference(from: try setup.withAllRows())
    #expect(difference > 0 && difference < 5e-6, "\(difference)")
  }

  @Test("nothing changes while all merges are lossless")
  func lossless() throws {
    let setup = Self.square(
      PersistentMask(density: 0.3, time: 5), PersistentMask(density: 0.5, time: 3), steps: 60)
    let difference = try setup.compressed(width: 2, degree: 60).largestDifference(
      from: try setup.withAllRows())
    #expect(difference < 1e-12, "\(difference)")
  }

  /// Closed weights with K = 2. Samples of the square loss on a linear network have fields that
  /// sampling takes exactly.
  @Test(
    "several hidden units",
    arguments: [
      FullMask() as any WeightMask, IndependentMask(density: 0.5),
      ColumnMask(density: 0.5, correlation: 0.7),
    ])
  func units(mask: any WeightMask) throws {
    var setup = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, network: LinearUnits(),
      loss: SquareLoss(), weightDecay: 0.1,
      start: Start(variance: 0.5, overlap: [[0.5], [0.3]]), learningRate: 0.1, steps: 100,
      sampleMask: IndependentMask(density: 0.4), weightMask: mask)
    setup.theory = TheorySettings(trajectories: 1500, batches: 2)
    let all = try setup.withAllRows()
    let compressed = try setup.compressed(width: 4, degree: 4)
    #expect(all.diagnostics.weightSite.hasPrefix("closed"))
    for observable in [
      Observable.magnetisation(0, 0, single: false), .magnetisation(1, 0, single: false),
      .norm(0, 0, single: false), .norm(0, 1, single: false), .norm(1, 1, single: false),
      .trainingLoss,
    ] {
      for (a, b) in zip(all.curve(observable).estimates, compressed.curve(observable).estimates) {
        #expect(abs(a.value - b.value) < 1e-8, "\(observable): \(a), \(b)")
      }
    }
  }

  /// Differences from all rows fall like w^-q; q lies between p and 2p, as one of two functions
  /// that are projected may be white, or both smooth.
  @Test("order of convergence in the width of blocks", arguments: [1, 2, 3])
  func order(degree: Int) throws {
    let setup = Self.square(
      PersistentMask(density: 0.3, time: 1), PersistentMask(density: 0.5, time: 1))
    let all = try setup.withAllRows()
    let widths = [2, 4, 8]
    let differences = try widths.map {
      try setup.compressed(width: $0, degree: degree).largestDifference(from: all)
    }
    let order = log(differences[0] / differences[2]) / log(4.0)
    #expect(order > Double(degree), "\(order): \(differences)")
    #expect(order < 2 * Double(degree) + 2, "\(order): \(differences)")
  }

  /// Memory of switches far longer than blocks: where a row stands for many steps, each of them
  /// has its own κ. `[frame.tables]`
  @Test("switches that last", arguments: [20.0, 100])
  func lasting(time: Double) throws {
    let setup = Self.square(
      PersistentMask(density: 0.3, time: time), PersistentMask(density: 0.5, time: time))
    let difference = try setup.compressed(width: 4, degree: 4).largestDifference(
      from: try setup.withAllRows())
    #expect(difference < 1e-7, "\(difference)")
  }
}
