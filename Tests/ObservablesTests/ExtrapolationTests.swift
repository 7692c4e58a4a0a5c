import Observables
import TestSupport
import Testing

struct ExtrapolationTests {
  private func curve(_ value: Double, _ error: Double, replicas: Int = 16) -> [Curve] {
    [
      Curve(
        observable: .testLoss, steps: [5], estimates: [Estimate(value, standardError: error)],
        replicas: replicas)
    ]
  }

  @Test func aStraightLineIsFoundExactly() throws {
    let extrapolation = Extrapolation(
      [2000, 500, 1000].map { (dimension: $0, curves: curve(2 + 30 / Double($0), 0.01)) })
    let point = try #require(extrapolation.points.first)
    #expect(extrapolation.dimensions == [500, 1000, 2000])
    #expect(abs(point.limit.value - 2) < 1e-12)
    #expect(abs(point.slope.value - 30) < 1e-9)
    // Var(intercept) = sigma^2 sum x^2 / (n sum x^2 - (sum x)^2) with x = 2, 1, 0.5 per mille.
    #expect(abs(point.limit.standardError - 0.01 * (5.25 / 3.5).squareRoot()) < 1e-9)
    #expect(abs(point.slope.standardError - 1000 * 0.01 * (3 / 3.5).squareRoot()) < 1e-6)
    #expect(point.step == 5)
  }

  /// Runs that agree by chance at one step and dimension would hold the line there, and give a
  /// limit far from the truth a tiny error. Errors .01 and .02 make one of sqrt(.00025).
  @Test func runsThatAgreeByChanceDoNotHoldTheLine() throws {
    func curves(_ value: Double, _ errors: [Double]) -> [Curve] {
      [
        Curve(
          observable: .trainingError, steps: [0, 1, 2],
          estimates: errors.map { Estimate(value, standardError: $0) }, replicas: 4)
      ]
    }
    let typical = 0.00025.squareRoot()
    let errors = [[0.01, 0.02, 0], [0.01, 0.02, typical]]
    let (chance, expected) = (
      Extrapolation([(10, curves(0.4, errors[0])), (20, curves(0.5, errors[0]))]),
      Extrapolation([(10, curves(0.4, errors[1])), (20, curves(0.5, errors[1]))])
    )
    let limit = try #require(chance.points.last?.limit)
    #expect(limit == expected.points.last?.limit)
    // Var(2 y_2 - y_1) = 5 sigma^2.
    #expect(abs(limit.standardError - 5.0.squareRoot() * typical) < 1e-9)
  }

  @Test func fewestRunsCount() {
    let extrapolation = Extrapolation([
      (dimension: 500, curves: curve(1, 0.1, replicas: 16)),
      (dimension: 1000, curves: curve(1, 0.1, replicas: 4)),
    ])
    #expect(extrapolation.curves.first?.replicas == 4)
  }

  @Test func exactPoints() {
    let zero = Extrapolation([500, 1000].map { (dimension: $0, curves: curve(0, 0)) })
    #expect(zero.points.first?.limit == Estimate(0))
    let one = Extrapolation([500, 1000, 2000].map { (dimension: $0, curves: curve(1, 0)) })
    #expect(abs((one.points.first?.limit.value ?? 0) - 1) < 1e-12)
    let comparison = Comparison(theory: curve(1, 0, replicas: 1), training: one.curves)
    #expect(comparison.agrees)
  }

  /// All runs right at one dimension, at every step; at the other at one step only.
  @Test func zerosWithoutErrorCountAsTheOthers() throws {
    func curves(_ errors: [Double], _ values: [Double]) -> [Curve] {
      [
        Curve(
          observable: .trainingError, steps: [0, 1],
          estimates: zip(values, errors).map { Estimate($0, standardError: $1) }, replicas: 2)
      ]
    }
    let line = Extrapolation([(2, curves([0.2, 0], [0.3, 0])), (3, curves([0, 0], [0, 0]))])
    let limit = try #require(line.points.last?.limit)
    // Var(3 y_3 - 2 y_2) = 13 sigma^2.
    #expect(limit.value == 0 && abs(limit.standardError - 0.2 * 13.0.squareRoot()) < 1e-9)
  }

  @Test func falseAlarmsAreRare() {
    let synthetic = SyntheticCurves()
    let alarms = (0..<200).count { seed in
      let theory = synthetic.curves(seed: UInt64(seed), replicas: 8)
      let trainings = [500, 1000, 2000].map { dimension in
        (
          dimension: dimension,
          curves: synthetic.curves(
            seed: UInt64(seed) + 1000 * UInt64(dimension), replicas: 16,
            shift: 0)
        )
      }
      return !Comparison(theory: theory, training: Extrapolation(trainings).curves).agrees
    }
    #expect(alarms <= 4, "\(alarms) of 200 agreeing cases were flagged")
  }

  @Test func finiteSizeBiasIsRemoved() {
    // A bias of 5/d is 0.01 at d = 500 and flagged there, but not after extrapolation.
    let synthetic = SyntheticCurves(noise: 0.002)
    let theory = synthetic.curves(seed: 1, replicas: 8)
    let trainings = [500, 1000, 2000].map { dimension in
      (
        dimension: dimension,
        curves: synthetic.curves(
          seed: UInt64(dimension), replicas: 16, shift: 5 / Double(dimension))
      )
    }
    let extrapolation = Extrapolation(trainings)
    #expect(!Comparison(theory: theory, training: trainings[0].curves).agrees)
    #expect(Comparison(theory: theory, training: extrapolation.curves).agrees)
    #expect(extrapolation.points.allSatisfy { $0.significance > 2 })
  }
}
