import Observables
import TestSupport
import Testing

struct ComparisonTests {
  /// 1000 seeds give 21 alarms without memory (Welch's test is liberal so far out in the tail), 15
  /// with memory 0.5 and 3 with 0.95, which is how correlated the curves of the solvers are.
  @Test(arguments: [0.5, 0.95])
  func falseAlarmsAreRare(memory: Double) {
    let synthetic = SyntheticCurves(memory: memory)
    let alarms = (0..<200).count { seed in
      let theory = synthetic.curves(seed: UInt64(seed), replicas: 8)
      let training = synthetic.curves(seed: UInt64(seed) + 1000, replicas: 16)
      return !Comparison(theory: theory, training: training).agrees
    }
    #expect(alarms <= 4, "\(alarms) of 200 agreeing cases were flagged")
  }

  @Test func errorsOfTenAreFlagged() {
    // The joint standard error is noise sqrt(1/8 + 1/16) = 0.0043: a shift of ten of these.
    let synthetic = SyntheticCurves()
    let found = (0..<50).count { seed in
      let theory = synthetic.curves(seed: UInt64(seed), replicas: 8, shift: 0.043)
      let training = synthetic.curves(seed: UInt64(seed) + 1000, replicas: 16)
      return !Comparison(theory: theory, training: training).agrees
    }
    #expect(found == 50, "only \(found) of 50 wrong theories were flagged")
  }

  @Test func sixJointErrorsAreMostlyFlagged() {
    let synthetic = SyntheticCurves()
    let found = (0..<50).count { seed in
      let theory = synthetic.curves(seed: UInt64(seed), replicas: 8, shift: 0.026)
      let training = synthetic.curves(seed: UInt64(seed) + 1000, replicas: 16)
      return !Comparison(theory: theory, training: training).agrees
    }
    #expect(found >= 45, "only \(found) of 50 wrong theories were flagged")
  }

  /// A training error that is the same in both of two runs at one step has no spread there.
  @Test(arguments: [(0.5, true), (0.2, false)])
  func runsThatAgreeByChanceAreNoAlarm(_ theory: Double, agrees: Bool) {
    let errors = [0.01, 0.02, 0, 0.02, 0.01]
    let training = Curve(
      observable: .trainingError, steps: Array(0..<5),
      estimates: errors.map { Estimate($0 == 0 ? 0.5 + 0.01 : 0.5, standardError: $0) },
      replicas: 30)
    let exact = Curve(
      observable: .trainingError, steps: training.steps,
      estimates: [0.5, 0.5, theory, 0.5, 0.5].map { Estimate($0) }, replicas: 1)
    let comparison = Comparison(theory: [exact], training: [training])
    #expect(comparison.agrees == agrees)
    let distance = comparison.points[2].test.distance
    #expect(abs(distance - (theory - 0.51) / 0.00025.squareRoot()) < 1e-3, "\(distance)")
  }

  /// What has no spread at any step is exact: a difference is one.
  @Test func curvesWithoutSpreadAreExact() {
    func curve(_ value: Double) -> Curve {
      Curve(
        observable: .writes, steps: [0, 1], estimates: [Estimate(0), Estimate(value)], replicas: 4)
    }
    #expect(!Comparison(theory: [curve(1)], training: [curve(1.0001)]).agrees)
    #expect(Comparison(theory: [curve(1)], training: [curve(1)]).agrees)
  }

  @Test func onlyCommonStepsAndObservablesAreCompared() {
    let exact = { (observable: Observable, steps: [Int]) in
      Curve(
        observable: observable, steps: steps, estimates: steps.map { Estimate(Double($0)) },
        replicas: 1)
    }
    let comparison = Comparison(
      theory: [exact(.testLoss, [0, 1, 2, 3, 4]), exact(.trainingLoss, [0, 1])],
      training: [exact(.writes, [0, 1]), exact(.testLoss, [0, 2, 4, 6])])
    #expect(comparison.points.map(\.step) == [0, 2, 4])
    #expect(comparison.rows.map(\.observable) == [.testLoss])
    #expect(comparison.unmatched == [.trainingLoss, .writes])
    #expect(comparison.agrees)
    #expect(comparison.threshold == 0.01 / 3)
  }

  @Test func nothingInCommonIsNoAgreement() {
    #expect(!Comparison(theory: [], training: []).agrees)
  }

  @Test func summaryOfDistances() {
    let steps = [0, 1]
    let theory = Curve(
      observable: .norm(0, 0, single: true), steps: steps, estimates: [Estimate(3), Estimate(4)],
      replicas: 1)
    let training = Curve(
      observable: .norm(0, 0, single: true), steps: steps,
      estimates: steps.map { _ in Estimate(0, standardError: 1) }, replicas: 1001)
    let comparison = Comparison(theory: [theory], training: [training])
    #expect(abs(comparison.rows[0].largestDistance - 4) < 1e-6)
    #expect(abs(comparison.rows[0].rmsDistance - 12.5.squareRoot()) < 1e-6)
    #expect(comparison.rows[0].last.step == 1)
    #expect(!comparison.rows[0].agrees)
  }
}
