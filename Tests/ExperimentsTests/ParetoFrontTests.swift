import Experiments
import Observables
import Testing

struct ParetoFrontTests {
  private func exact(_ first: Double, _ second: Double) -> ParetoFront.Costs {
    ParetoFront.Costs(ReplicaValues([first]), ReplicaValues([second]))
  }

  private func noisy(_ first: [Double], _ second: [Double]) -> ParetoFront.Costs {
    ParetoFront.Costs(ReplicaValues(first), ReplicaValues(second))
  }

  @Test func whatNothingBeatsIsOnTheFront() {
    let places = ParetoFront.memberships([
      exact(1, 4), exact(2, 2), exact(4, 1), exact(3, 3), exact(2, 3), nil,
    ])
    #expect(places == [.yes, .yes, .yes, .no, .no, .no])
  }

  @Test func equalsDoNotBeatEachOther() {
    #expect(ParetoFront.memberships([exact(1, 1), exact(1, 1 + 1e-9)]) == [.yes, .yes])
  }

  @Test func betterInOneAndEqualInTheOtherBeats() {
    #expect(ParetoFront.memberships([exact(1, 5), exact(2, 5)]) == [.yes, .no])
  }

  @Test func whatLiesWithinTheErrorsIsTied() {
    // The second is dearer beyond errors; whether it is slower is open.
    let first = noisy([1.0, 1.1, 0.9], [5.0, 5.5, 4.5])
    let second = noisy([2.0, 2.1, 1.9], [5.2, 4.6, 5.4])
    #expect(ParetoFront.memberships([first, second]) == [.yes, .tied])
    #expect(ParetoFront.memberships([second, first]) == [.tied, .yes])
  }

  @Test func noiseInCommonDoesNotTie() {
    let first = noisy([1.0, 1.5, 0.5], [5.0, 7.0, 3.0])
    let second = noisy([1.2, 1.7, 0.7], [5.1, 7.1, 3.1])
    #expect(ParetoFront.memberships([first, second]) == [.yes, .no])
  }

  @Test func theLineIsTheFrontOfTheMeans() {
    let points = [(4.0, 1.0), (1.0, 4.0), (3.0, 3.0), (2.0, 2.0), (2.0, 5.0)]
    #expect(ParetoFront.line(points.map { (first: $0.0, second: $0.1) }) == [1, 3, 0])
  }

  @Test func differencesArePaired() {
    let difference = PairedDifference(
      ReplicaValues([1.0, 2.0, 3.0]), minus: ReplicaValues([0.5, 1.4, 2.6]))
    #expect(abs(difference.estimate.value - 0.5) < 1e-12)
    #expect(abs(difference.estimate.standardError - 0.01.squareRoot() / 3.0.squareRoot()) < 1e-12)
    let a = 1.0 / 3
    let b = ReplicaValues([0.5, 1.4, 2.6]).estimate.standardError
    #expect(abs(difference.independentError - (a + b * b).squareRoot()) < 1e-12)
    #expect(difference.isSignificant && !difference.isZero)
  }

  @Test func significanceIsThatOfThePairedT() {
    // t = 2.92 and 4.31 with two degrees of freedom; the limit is 4.303.
    func difference(_ mean: Double) -> PairedDifference {
      let error = 1 / 3.0.squareRoot()
      let values = [-1.0, 0, 1].map { $0 + mean * error }
      return PairedDifference(ReplicaValues(values), minus: ReplicaValues([0, 0, 0]))
    }
    #expect(!difference(2.92).isSignificant && difference(4.31).isSignificant)
  }
}
