import Observables
import Testing

struct WelchTestTests {
  @Test func knownValue() {
    // Equal errors and 5 replicas each: 8 degrees of freedom, whose 5 % point is 2.306004.
    let test = WelchTest(
      Estimate(2.306004, standardError: 0.5.squareRoot()), replicas: 5,
      Estimate(0, standardError: 0.5.squareRoot()), replicas: 5)
    #expect(abs(test.distance - 2.306004) < 1e-5)
    #expect(abs(test.pValue - 0.05) < 1e-6)
  }

  @Test func exactSideContributesNoFreedom() {
    // 9 replicas against an exact number: 8 degrees of freedom again.
    let test = WelchTest(
      Estimate(2.306004, standardError: 1), replicas: 9, Estimate(0), replicas: 1)
    #expect(abs(test.pValue - 0.05) < 1e-6)
  }

  @Test func twoExactNumbers() {
    let same = WelchTest(Estimate(1), replicas: 1, Estimate(1 + 1e-10), replicas: 8)
    #expect(same.distance == 0 && same.pValue == 1)
    let other = WelchTest(Estimate(1), replicas: 1, Estimate(1 + 1e-8), replicas: 8)
    #expect(other.distance == .infinity && other.pValue == 0)
    #expect(WelchTest(Estimate(0), replicas: 1, Estimate(0), replicas: 8).pValue == 1)
  }

  @Test func roundingIsNoAlarm() {
    let writes = Estimate(30, standardError: 1e-16)
    #expect(WelchTest(Estimate(30), replicas: 1, writes, replicas: 16).pValue > 0.5)
    let float = Estimate(30.00001, standardError: 1e-16)
    #expect(WelchTest(Estimate(30), replicas: 1, float, replicas: 16).pValue > 0.5)
    let wrong = Estimate(30.001, standardError: 1e-16)
    #expect(WelchTest(Estimate(30), replicas: 1, wrong, replicas: 16).pValue < 1e-10)
  }

  @Test(arguments: [Double.nan, .infinity])
  func whatIsNotFiniteIsFlagged(_ value: Double) {
    let test = WelchTest(
      Estimate(value, standardError: 1), replicas: 8, Estimate(1, standardError: 1), replicas: 8)
    #expect(test.pValue == 0)
    let error = WelchTest(
      Estimate(1, standardError: value), replicas: 8, Estimate(1, standardError: 1), replicas: 8)
    #expect(error.pValue == 0)
  }
}
