import Experiments
import Foundation
import Testing

struct LearningRateSearchTests {
  private struct Refused: Error {}

  @Test(arguments: [0.004, 0.21, 7.0])
  func findsASmoothMinimumInFewEvaluations(_ best: Double) throws {
    var calls = 0
    let result = try LearningRateSearch.best(from: 0.1) { rate in
      calls += 1
      return pow(log(rate / best), 2) + 0.1 * pow(log(rate / best), 4)
    }
    #expect(abs(log(result.learningRate / best)) < 0.1 && !result.isAtLimit)
    #expect(calls <= 16, "\(calls) evaluations")
  }

  @Test func stopsAtTheLimitOfTheWalk() throws {
    let result = try LearningRateSearch.best(from: 0.1) { -$0 }
    #expect(result.isAtLimit)
    #expect(abs(result.learningRate / 0.1 - 1024) < 1e-6)
    #expect(try LearningRateSearch.best(from: 0.1) { $0 }.learningRate < 1.01e-4)
  }

  /// Energy falls with the rate until the target is missed at small and at large rates.
  @Test(arguments: [0.001, 0.05, 10.0])
  func penaltiesLeadToTheCliff(from start: Double) throws {
    let result = try LearningRateSearch.best(from: start) { rate in
      rate < 0.02 ? 100 + log(0.02 / rate) : rate > 3 ? 200 + log(rate / 3) : log(rate)
    }
    #expect(result.learningRate >= 0.02 && result.learningRate < 0.0225)
  }

  @Test func aFlatObjectiveKeepsTheStart() throws {
    #expect(try LearningRateSearch.best(from: 0.3) { _ in 5 }.learningRate == 0.3)
  }

  @Test func errorsEndTheSearch() {
    #expect(throws: Refused.self) {
      try LearningRateSearch.best(from: 0.1) { rate in
        if rate > 0.1 && rate < 0.4 { throw Refused() }
        return pow(log(rate / 0.1), 2)
      }
    }
  }
}
