import Foundation
import LearningProblem
import NumericalKit
import Observables
import Testing

/// Test loss and error of one and two fields. `[observable.line]` `[observable.plane]`
@Suite("Fresh samples of one and two fields")
struct FreshSampleTests {
  /// A bar is true if a number is off by more than two of it in 5 % of the cases at most; three of
  /// the points' own are added, which 1 in 200 exceeds. That bars are small is asked as well.
  @Test("error bars are true, against 2^17 quasi-random points", arguments: [1, 2])
  func barsAreTrue(units: Int) {
    let cases = 200
    var off = (loss: 0, error: 0)
    for index in 0..<cases {
      let item = FreshSampleCase(index, units: units)
      let points = item.byPoints()
      let found = TestQuantities(item.problem).evaluate(
        overlaps: item.overlaps, covariance: item.covariance)
      func isOff(_ found: Estimate, _ points: Estimate) -> Bool {
        abs(found.value - points.value)
          > 2 * found.standardError + 3 * points.standardError + 1e-11 * max(1, points.value)
      }
      if isOff(found.loss, points.loss) { off.loss += 1 }
      if isOff(found.error, points.error) { off.error += 1 }
      #expect(found.loss.standardError <= 2e-6 * found.loss.value, "case \(index)")
      #expect(found.error.standardError <= 2e-6, "case \(index)")
    }
    #expect(off.loss <= cases / 20)
    #expect(off.error <= cases / 20)
  }

  /// Integrals with corners are not exact, and say so; smooth ones of narrow fields are.
  @Test("what is integrated adaptively has an error bar, what is smooth has none that counts")
  func barsAreThere() {
    func found(_ activation: Activation) -> (loss: Estimate, error: Estimate) {
      let problem = Problem(
        data: ThreeClusters(variance: 0.5), samplesPerWeight: 1,
        network: Committee(activation: activation, readout: [1.1, -0.8]),
        start: Start(variance: 0.4, overlap: [[0.2], [-0.3]]), learningRate: 0.1, steps: 1)
      return TestQuantities(problem).evaluate(
        overlaps: [[0.2], [-0.3]], covariance: [0.6, 0.1, 0.1, 0.5])
    }
    let (relu, erf) = (found(.relu), found(.erf))
    #expect(relu.loss.standardError > 1e-12 && relu.error.standardError > 1e-12)
    #expect(erf.loss.standardError < 1e-9 && erf.error.standardError < 1e-9)
  }

  /// f = 1.1 max(h, 0) decides nothing where h <= 0: half of these answers are wrong.
  @Test("one relu unit on three clusters: undecided samples are half wrong")
  func reluUnit() {
    let problem = Problem(
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
}
