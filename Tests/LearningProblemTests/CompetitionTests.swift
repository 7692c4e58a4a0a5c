import LearningProblem
import Testing

/// Synapses that compete. `[update.rules]` `[inputs.weight]`
struct CompetitionTests {
  @Test("competition is among the weights of all groups")
  func competition() {
    var scores = [3.0, 1, 4, 1.5, 9, 2.6, 5]
    let parts = [(scores: Array(scores[..<3]), weight: 1.0), (Array(scores[3...]), 1)]
    let pooled = Competition.threshold(parts, winningFraction: 0.4)
    #expect(pooled == Competition.threshold(&scores, winningFraction: 0.4))
    // Two scores stand for three each.
    let weighted = Competition.threshold(
      [(scores: [1, 5], weight: 3), (scores: [2, 3, 4, 6], weight: 1)], winningFraction: 0.4)
    #expect(weighted == 4)
    #expect(
      Competition.threshold([([1, 2], 0.5), ([3], 2)], winningFraction: 1) == -.infinity)
  }
}
