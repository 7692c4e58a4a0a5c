import Foundation
import LearningProblem
import NumericalKit
import Observables
import TestSupport
import Testing

/// Test loss and error of one and two fields. `[observable.line]` `[observable.plane]`
@Suite("Fresh samples of one and two fields")
struct FreshSampleTests {
  /// The loss of copies is the mean over them, and none of them makes errors. `[replica.site]`
  @Test("copies under a teacher", arguments: [Teacher.Labels.regression, .sign])
  func copies(labels: Teacher.Labels) {
    let one = Setup(
      data: LinearTeacher(labels: labels, noise: labels == .regression ? 0.4 : 0),
      samplesPerWeight: 2, loss: SquareLoss(), start: Start(variance: 1), learningRate: 0.1,
      steps: 1)
    func loss(_ m: Double, _ c: Double) -> Double {
      TestQuantities(one).evaluate(overlaps: [[m]], covariance: [c]).loss.value
    }
    let both = TestQuantities(one.replicated()).evaluate(
      overlaps: [[0.3], [0.8]], covariance: [0.9, 0.4, 0.4, 1.2]
    ).loss
    let mean = (loss(0.3, 0.9) + loss(0.8, 1.2)) / 2
    #expect(abs(both.value - mean) < 5 * both.standardError + 1e-9, "\(both), \(mean)")
    #expect(both.standardError < 0.01 * mean)
  }

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
      let problem = Setup(
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

  /// With a readout of [0, -1] quadratic units answer wrong for one label only, and for the other
  /// on a line where the margin touches 0: that error is rounding, which once took 0.2 s each.
  @Test("an error that is rounding is 0 at once")
  func touching() {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
      network: Committee(activation: .quadratic, readout: [0, -1]),
      start: Start(variance: 0.01, overlap: [[0], [0]]), learningRate: 0.2, steps: 1)
    let quantities = TestQuantities(problem)
    let seconds =
      ContinuousClock().measure {
        for index in 1...10 {
          let found = quantities.evaluate(
            overlaps: [[0], [0]], covariance: [0.008, 0.0015, 0.0015, 0.027 * Double(index)])
          #expect(abs(found.error.value - 0.5) < 1e-12)
        }
      } / .seconds(1)
    #expect(seconds < 1, "\(seconds) s")
  }

  /// The slow direction is h_2 here: h_1 has the larger readout and little spread. Inner integrals
  /// are exact; the one across the lines is not, of the loss and of the error. The other way round
  /// for two classes of wide fields: all lines are the same.
  @Test("bars of inner and of outer integrals")
  func barsOfBoth() {
    func found(_ network: any Network, _ c: [Double]) -> (loss: Estimate, error: Estimate) {
      TestQuantities(
        Setup(
          data: TwoClusters(variance: 1), samplesPerWeight: 1, network: network,
          loss: network.classes == 2 ? network.standardLoss : SquareLoss(),
          start: Start(variance: 1, overlap: [[0], [0]]), learningRate: 0.1, steps: 1)
      ).evaluate(overlaps: [[0.3], [0.2]], covariance: c)
    }
    let outer = found(Committee(activation: .erf, readout: [3, 0.3]), [0.25, 0, 0, 9])
    #expect(outer.loss.standardError > 0)
    #expect(outer.error.standardError > 0)
    let inner = found(Softmax(outputs: 2), [30, -10, -10, 30])
    #expect(inner.loss.standardError > 0)
    #expect(inner.error.standardError == 0)
    // The first column of A follows the boundary h_1 = h_2: lines along it meet a jump across them.
    let turned = found(Softmax(outputs: 2), [1, 1, 1, 1.5])
    let exact = NormalDistribution.cumulative(-0.1 / 0.5.squareRoot())
    #expect(abs(turned.error.value - exact) < 1e-12)
    #expect(turned.error.standardError == 0)
  }

  @Test("machines make no errors", arguments: [1, 2, 3])
  func machines(units: Int) {
    let problem = Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 1,
      network: Boltzmann(hidden: units, variance: 0.5),
      start: Start(variance: 1, overlap: Array(repeating: [0.2], count: units)),
      learningRate: 0.1, steps: 1)
    let found = TestQuantities(problem).evaluate(
      overlaps: Array(repeating: [0.2], count: units),
      covariance: (0..<units * units).map { $0 % (units + 1) == 0 ? 1 : 0 })
    #expect(found.error.value.isNaN)
    #expect(found.loss.value.isFinite)
  }

  @Test("a readout that has learned is that of a problem which starts with it", arguments: 1...3)
  func readout(units: Int) {
    func quantities(_ readout: [Double]) -> TestQuantities {
      TestQuantities(
        Setup(
          data: ThreeClusters(variance: 0.5), samplesPerWeight: 1,
          network: Committee(activation: .erf, readout: readout), loss: SquareLoss(),
          start: Start(variance: 1, overlap: Array(repeating: [0], count: units)),
          learningRate: 0.1, steps: 1))
    }
    let (first, later) = ([1, -0.5, 0.4].prefix(units), [-0.6, 0.9, 1.2].prefix(units))
    let overlaps = [[0.5], [-0.3], [0.2]].prefix(units)
    let covariance = (0..<units * units).map { $0 % (units + 1) == 0 ? 0.7 : 0.1 }
    let learned = quantities(Array(first)).evaluate(
      overlaps: Array(overlaps), covariance: covariance, readout: Array(later))
    let started = quantities(Array(later)).evaluate(
      overlaps: Array(overlaps), covariance: covariance)
    #expect(learned.loss == started.loss && learned.error == started.error)
  }
}
