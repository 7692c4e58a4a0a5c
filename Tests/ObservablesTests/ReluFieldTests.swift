import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

/// Regions where a network decides nothing, in closed form. `[observable.line]`
/// `[observable.plane]`
@Suite("Fresh samples of relu units in closed form")
struct ReluFieldTests {
  /// f = 1.1 max(h, 0) decides nothing where h <= 0: half of these answers are wrong.
  @Test("one relu unit on three clusters: undecided samples are half wrong")
  func reluUnit() {
    let problem = Setup(
      data: ThreeClusters(variance: 0.5), samplesPerWeight: 1,
      network: Committee(activation: .relu, readout: [1.1]),
      start: Start(variance: 0.4, overlap: [[0.2]]), learningRate: 0.1, steps: 1)
    let (m, c) = (0.2, 0.44)
    let found = TestQuantities(problem).evaluate(overlaps: [[m]], covariance: [c]).error
    // f > 0 errs in the middle cluster; elsewhere an answer f = 0 counts one half.
    let s = (0.5 * c).squareRoot()
    let positive = NormalDistribution.cumulative(m / s)
    let outer = 0.5 * (0.5 * (1 - positive) + 0.5 * positive)
    let expected = 0.5 * (0.5 + 0.25) + 0.5 * outer
    #expect(abs(found.value - expected) < 1e-9)
    #expect(abs(found.value - 0.5) < 1e-9)
  }

  /// f = Σ a_k max(h_k, 0), a_k > 0, of independent fields is undecided where both are negative,
  /// and its square loss is made of moments of max(h, 0). With one field both are known to
  /// rounding.
  @Test("relu units on independent fields in closed form", arguments: 0..<40)
  func quadrant(index: Int) {
    var stream = RandomStream(seed: 92, purpose: .check, index: UInt64(index))
    func between(_ lower: Double, _ upper: Double) -> Double {
      lower + (upper - lower) * stream.uniform()
    }
    let units = index % 4 == 0 ? 1 : 2
    let readout = (0..<units).map { _ in between(0.3, 2) }
    let means = (0..<units).map { _ in between(-1.2, 1.2) }
    let deviations = (0..<units).map { _ in between(0.3, 1.2) }
    let label: Double = index % 8 < 4 ? 1 : -1
    let problem = Setup(
      data: Mixture(clusters: [Cluster(probability: 1, centre: [1], label: label, variance: 1)]),
      samplesPerWeight: 1, network: Committee(activation: .relu, readout: readout),
      loss: SquareLoss(),
      start: Start(variance: 1, overlap: Array(repeating: [0], count: units)), learningRate: 0.1,
      steps: 1)
    var silent = 1.0
    var (mean, variance) = (0.0, 0.0)
    for (a, (m, s)) in zip(readout, zip(means, deviations)) {
      let (positive, density) = (
        NormalDistribution.cumulative(m / s), NormalDistribution.density(m / s)
      )
      silent *= NormalDistribution.cumulative(-m / s)
      let first = m * positive + s * density
      mean += a * first
      variance += a * a * ((m * m + s * s) * positive + m * s * density - first * first)
    }
    let loss = 0.5 * (variance + (mean - label) * (mean - label))
    let error = label > 0 ? 0.5 * silent : 1 - 0.5 * silent
    let found = TestQuantities(problem).evaluate(
      overlaps: means.map { [$0] },
      covariance: (0..<units * units).map {
        $0 % (units + 1) == 0 ? deviations[$0 / units] * deviations[$0 / units] : 0
      })
    #expect(abs(found.loss.value - loss) <= found.loss.standardError + 1e-11)
    #expect(units == 2 || abs(found.loss.value - loss) < 1e-11)
    #expect(abs(found.error.value - error) <= found.error.standardError + 1e-11)
  }

  /// Opposite fields h_1 = s (z + p) and h_2 = -s (z + p + w): both are negative on an interval of
  /// width w, less than a cell, and f > 0 on both sides.
  @Test("undecided within a cell only", arguments: 0..<20)
  func withinACell(index: Int) {
    let (s, place, width) = (0.6, -2.9 + 0.31 * Double(index), 0.01 + 0.01 * Double(index))
    let problem = Setup(
      data: Mixture(clusters: [Cluster(probability: 1, centre: [1], label: 1, variance: 1)]),
      samplesPerWeight: 1, network: Committee(activation: .relu, readout: [1, 0.7]),
      start: Start(variance: 1, overlap: [[0], [0]]), learningRate: 0.1, steps: 1)
    let found = TestQuantities(problem).evaluate(
      overlaps: [[s * place], [-s * (place + width)]], covariance: [s * s, -s * s, -s * s, s * s])
    let silent = NormalDistribution.probability(from: -place - width, to: -place)
    #expect(abs(found.error.value - 0.5 * silent) < 1e-10)
  }
}
