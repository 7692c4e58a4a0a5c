import Experiments
import Foundation
import Testing

struct RuleSearchTests {
  private struct Refused: Error {}

  /// The best learning rate around a guess.
  private func best(
    from guess: Double, _ objective: (Double) throws -> Double
  ) throws -> (rate: Double, isAtLimit: Bool) {
    let variable = ControlVariable(
      key: "learning_rate", lower: guess / RuleSearch.reach, upper: guess * RuleSearch.reach,
      isConstant: true)
    let result = try RuleSearch.best([variable], from: [guess]) { try objective($0[0]) }
    return (result.values[0], result.atLimit == [variable])
  }

  @Test(arguments: [0.004, 0.21, 7.0])
  func findsASmoothMinimumInFewEvaluations(_ minimum: Double) throws {
    var calls = 0
    let result = try best(from: 0.1) { rate in
      calls += 1
      return pow(log(rate / minimum), 2) + 0.1 * pow(log(rate / minimum), 4)
    }
    #expect(abs(log(result.rate / minimum)) < 0.1 && !result.isAtLimit)
    #expect(calls <= 16, "\(calls) evaluations")
  }

  @Test func stopsAtTheLimit() throws {
    let result = try best(from: 0.1) { -log($0) }
    #expect(result.isAtLimit)
    #expect(abs(result.rate / 0.1 - 1024) < 1e-6)
    #expect(try best(from: 0.1) { log($0) }.rate < 1.01e-4)
  }

  /// Energy falls with the rate until the target is missed at small and at large rates.
  @Test(arguments: [0.001, 0.05, 10.0])
  func penaltiesLeadToTheCliff(from start: Double) throws {
    let result = try best(from: start) { rate in
      rate < 0.02 ? 100 + log(0.02 / rate) : rate > 3 ? 200 + log(rate / 3) : log(rate)
    }
    #expect(result.rate >= 0.02 && result.rate < 0.0225)
  }

  @Test func aFlatObjectiveKeepsTheStart() throws {
    #expect(try best(from: 0.3) { _ in 5 }.rate == 0.3)
  }

  @Test func twoNumbersAtOnce() throws {
    let variables = [
      ControlVariable(key: "a", lower: 0.001, upper: 10, isConstant: true),
      ControlVariable(key: "b", lower: 0, upper: 1, isConstant: true),
    ]
    let result = try RuleSearch.best(variables, from: [1, 0.9]) { values in
      pow(log(values[0] / 0.05), 2) + 20 * pow(values[1] - 0.3 - 0.02 * log(values[0]), 2)
    }
    let (first, second) = (result.values[0], result.values[1])
    let expected = 0.3 + 0.02 * log(0.05)
    #expect(abs(log(first / 0.05)) < 0.1)
    #expect(abs(second - expected) < 0.03)
    #expect(result.atLimit.isEmpty)
  }

  @Test func errorsEndTheSearch() {
    #expect(throws: Refused.self) {
      try best(from: 0.1) { rate in
        if rate > 0.1 && rate < 0.5 { throw Refused() }
        return pow(log(rate / 0.1), 2)
      }
    }
  }
}
