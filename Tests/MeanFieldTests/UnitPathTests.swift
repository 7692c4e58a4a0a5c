import LearningProblem
import MeanField
import NumericalKit
import Observables
import TestSupport
import Testing

/// Switches of units and of inputs without data, and means over paths. `[mask.units]`
/// `[mask.redrawn]`
@Suite("Paths of the hidden units")
struct UnitPathTests {
  /// Unit switches drawn at every step on top of column switches with a period of their own.
  struct Grid: WeightMask {
    static let kind = "grid"
    static let summary = "random rows and columns"
    static let parameters: [Parameter] = []
    private let inputs: RedrawnSwitches
    var sharesInputs: Bool { true }
    let units = UnitSelection.random(density: 0.5, period: 1, seed: 1)

    init(density: Double, period: Int?) {
      inputs = RedrawnSwitches(density: density, period: period)
    }
    init(from section: Section) throws { self.init(density: 1, period: nil) }
    func switches(on grid: TimeGrid) -> any SwitchLaw { inputs }
  }

  private func idle(_ mask: any WeightMask, steps: Int = 2) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 1e-9, network: LinearUnits(),
      loss: SquareLoss(), weightDecay: 0.5,
      start: Start(variance: 0.5, overlap: [[0.6], [-0.3]]), learningRate: 0.4, steps: steps,
      weightMask: mask, theory: TheorySettings(trajectories: 2000, batches: 4))
  }

  /// w_k(t) = w_k(0) Π (1 - x r_k c), x = ηλ, with r_1 = (1, 1), r_2 = (1, 0). `[weight.columns]`
  @Test(
    "weights without data only decay",
    arguments: [nil, 1], [TheorySettings.Sites.auto, .ensembleBoth])
  func decay(period: Int?, sites: TheorySettings.Sites) throws {
    let (p, x) = (0.6, 0.2)
    var problem = idle(Grid(density: p, period: period))
    problem.theory.sites = sites
    let path = try #require(
      (0..<200).first { path in
        problem.path = path
        let units = LearningUnits(problem)
        return [0, 1].map { units.isOn(step: $0, power: []) } == [[true, true], [true, false]]
      })
    problem.path = path
    let y = 1 - x
    let ratio =
      period == nil ? 1 - p + p * y * y * y : (1 - p + p * y * y) * (1 - p + p * y)
    let first =
      period == nil ? 1 - p + p * y * y * y * y : (1 - p + p * y * y) * (1 - p + p * y * y)
    try MeanFieldSolver(problem).solve().expect(
      [
        .c(0, 1, at: 2, -0.18 * ratio), .c(0, 0, at: 2, 0.86 * first),
        .c(1, 1, at: 2, 0.59 * (1 - p + p * y * y)), ByHand(.writes, 2, 1.5 * p),
      ], tolerance: 1e-6, precision: 0.01)
  }

  @Test("a solution along several paths has means of curves and histograms, and no kernels")
  func means() throws {
    var problem = idle(SubnetMask(inputs: 0.6, units: 0.5, period: 2), steps: 4)
    problem.samplesPerWeight = 2
    func each(_ path: Int) throws -> Solution {
      var single = problem
      single.path = path
      return try MeanFieldSolver(single, keepKernels: true).solve()
    }
    let singles = try (0..<3).map(each)
    #expect(singles.allSatisfy { $0.kernels != nil })
    problem.paths = 0..<3
    let mean = try MeanFieldSolver(problem, keepKernels: true).solve()
    #expect(mean.kernels == nil && mean.kernelErrors == nil)
    for curve in mean.curves {
      for (t, estimate) in curve.estimates.enumerated() {
        let values = singles.map { $0.curve(curve.observable).estimates[t].value }
        let expected = values.reduce(0, +) / 3
        #expect(
          abs(estimate.value - expected) < 1e-9 * max(1, abs(expected)), "\(curve.observable)")
      }
    }
    let densities = try #require(mean.weightDensities)
    let parts = try singles.map { try #require($0.weightDensities) }
    for k in 0...1 {
      for bin in densities[k].indices {
        let expected = parts.reduce(0) { $0 + $1[k][bin].value } / 3
        #expect(abs(densities[k][bin].value - expected) < 1e-12)
      }
    }
    #expect(parts[0] != parts[1] || parts[1] != parts[2])
  }

  /// Weights of resting units do not compete: who wins is a fraction of those that may change.
  @Test("a top fraction of the units that learn `[update.rules]`")
  func topFraction() throws {
    var problem = idle(SubnetMask(inputs: 0.6, units: 0.5, period: nil), steps: 3)
    problem.start = Start(variance: 0.1, overlap: [[3], [-0.1]])
    problem.samplesPerWeight = 2
    problem.update = TopFractionUpdate(fraction: 0.25)
    for path in 0..<4 {
      problem.path = path
      try MeanFieldSolver(problem).solve().expect(
        [ByHand(.writes, 3, 3 * 0.25 * 0.6 * 0.5)], tolerance: 2e-3, precision: 1e-3)
    }
  }

  @Test("the mean of recordings averages values and errors of what all of them know")
  func recordings() {
    let recordings = [1.0, 2, 6].map { x in
      var recording = Recording()
      for step in [0, 3] {
        recording.begin(step: step)
        recording.record(
          .testLoss, Estimate(x * Double(step + 1), standardError: 0.1 * x))
        if x > 1 { recording.record(.activity, x) }
      }
      return recording
    }
    let mean = Recording.mean(of: recordings)
    #expect(mean.steps == [0, 3] && mean.observables == [.testLoss])
    for (row, factor) in [(0, 1.0), (1, 4)] {
      let estimate = mean.values(.testLoss)[row]
      #expect(abs(estimate.value - 3 * factor) < 1e-12)
      #expect(abs(estimate.standardError - 0.3) < 1e-12)
    }
    #expect(Recording.mean(of: []).steps.isEmpty)
    #expect(Recording.mean(of: [recordings[1]]).observables == [.testLoss, .activity])
  }

  /// Paths along which all units learn differ by nothing but the noise, which must be drawn anew.
  @Test("paths do not share the noise of their trajectories")
  func independentNoise() throws {
    var problem = Cases.logistic(steps: 3, weightMask: RowMask(density: 1), batches: 2)
    let first = try MeanFieldSolver(problem).solve().curve(.norm).estimates[3].value
    problem.path = 1
    let alone = try MeanFieldSolver(problem).solve().curve(.norm).estimates[3].value
    problem.path = 0
    problem.paths = 0..<2
    let mean = try MeanFieldSolver(problem).solve().curve(.norm).estimates[3].value
    #expect(first != alone)
    #expect(abs(mean - 0.5 * (first + alone)) < 1e-12)
  }
}
