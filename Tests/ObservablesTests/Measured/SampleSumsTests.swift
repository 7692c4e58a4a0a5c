import LearningProblem
import NumericalKit
import Observables
import Testing

@Suite("Quantities measured on samples [observable.training] [observable.activity]")
struct SampleSumsTests {
  private let whole = SampleBlock(
    answers: [
      ObjectiveValue(loss: 1, margin: 2, curvature: 5),
      ObjectiveValue(loss: 3, margin: 0, curvature: 7),
      ObjectiveValue(loss: 4, margin: -1, curvature: 11),
    ],
    variances: [1, 2, 0.5], fields: [[1, -2, 3], [0, 4, -5]])
  private let learned = SampleBlock(
    answers: [ObjectiveValue(loss: 100, margin: -1, curvature: 100)], variances: [9],
    fields: [[-6, 1000], [8, 1000]], presence: [0.25, 1])

  @Test("each pass shows its own; loss and error per sample, the rest per unit as well")
  func passes() {
    var sums = SampleSums()
    sums.add(whole, .whole)
    sums.add(learned, .learning)
    let values = sums.values(.whole, samples: 4, units: 2, samplesPerWeight: 3)
    #expect(
      values == [.trainingLoss: 2, .trainingError: 0.375, .optimalWeightNoise: 3 * 24.5 / 8])
    let costs: SampleValues = [.activity: 3.5 / 8, .samplesUsed: 0.0625]
    #expect(sums.values(.learning, samples: 4, units: 2, samplesPerWeight: 3) == costs)
  }

  @Test("all samples are present unless a block says how likely they are; means over units")
  func presence() {
    var sums = SampleSums()
    sums.addMeans(whole, .learning)
    let costs: SampleValues = [.activity: 7.5, .samplesUsed: 3]
    #expect(sums.values(.learning, units: 1, samplesPerWeight: 1) == costs)
  }

  @Test("blocks and lanes add up")
  func additive() {
    var (sums, others) = (SampleSums(), SampleSums())
    sums.add(whole, .whole)
    others.add(whole, .whole)
    others.add(whole, .whole)
    sums.add(others)
    sums.scale(by: 0.5)
    let values = sums.values(.whole, units: 1, samplesPerWeight: 1)
    #expect(values[.trainingLoss] == 12 && values[.trainingError] == 2.25)
  }

  @Test("sums over the steps stand for what is learned from, unless it is unknown at some time")
  func totals() {
    let times: [SampleValues] = [
      [.trainingLoss: 5, .activity: 1], [.trainingLoss: 4, .activity: 2], [.trainingLoss: 3],
    ]
    var totals = SampleValues.zeros(ofKnown: Array(times.prefix(2)))
    for time in times.prefix(2) { totals.add(time) }
    #expect(times[0].with(totals: totals) == [.trainingLoss: 5, .activity: 3])
    let known = SampleValues.zeros(ofKnown: times)
    #expect(times[0].with(totals: known) == [.trainingLoss: 5])
  }

  @Test("what is not known is taken from others, what is known is kept")
  func complete() {
    var values: SampleValues = [.trainingLoss: 1]
    values.complete(with: [.trainingLoss: 2, .trainingError: 3])
    #expect(values == [.trainingLoss: 1, .trainingError: 3])
  }

  @Test("every quantity is one of a kind")
  func unique() {
    let quantities = SampleQuantities.all.map(\.quantity)
    #expect(Set(quantities).count == quantities.count)
  }
}
