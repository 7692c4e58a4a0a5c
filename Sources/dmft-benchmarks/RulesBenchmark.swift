import Foundation
import LearningProblem
import MeanField
import Observables

/// What common random numbers buy: the variance of a difference between the plain rule and another,
/// over single batches, with the same seed for both and with different ones.
///
/// Two clusters, logistic loss, α 2, Δ 0.5, λ 0.1, η 0.1, R0 0.1, mini-batches of 0.5, N = 2000,
/// both sites sampled; 32 batches, 60 steps.
enum RulesBenchmark {
  private static let batches = 32
  private static let observables = [Observable.trainingLoss, .absoluteChange, .writes]

  /// Prints variances and their ratio for every rule and quantity.
  static func run() {
    let plain = recordings(PlainUpdate(), FullMask(), seed: 1)
    let rules: [(name: String, update: any UpdateRule, mask: any WeightMask)] = [
      ("masked_0.5", PlainUpdate(), IndependentMask(density: 0.5)),
      ("clip_0.3", ClipUpdate(threshold: 0.3), FullMask()),
      ("sign", SignUpdate(), FullMask()),
      ("top_fraction_0.5", TopFractionUpdate(fraction: 0.5), FullMask()),
      ("soft_threshold_0.06", SoftThresholdUpdate(threshold: 0.06), FullMask()),
      ("caching_0.25", CachingUpdate(threshold: 0.25), FullMask()),
      ("momentum_0.9", MomentumUpdate(coefficient: 0.9), FullMask()),
    ]
    for (name, update, mask) in rules {
      let common = recordings(update, mask, seed: 1)
      let other = recordings(update, mask, seed: 2)
      for observable in observables {
        let paired = differences(common, plain, observable)
        let unpaired = differences(other, plain, observable)
        guard unpaired.variance > 1e-20 else { continue }  // the same number in every batch
        report("\(name)_\(observable)", "variance_common_random_numbers", paired.variance)
        report("\(name)_\(observable)", "variance_independent", unpaired.variance)
        report("\(name)_\(observable)", "ratio", unpaired.variance / paired.variance)
        // Both are the same difference: five standard errors and rounding.
        let variance = (paired.variance + unpaired.variance) / Double(batches)
        let distance = abs(paired.mean - unpaired.mean)
        precondition(
          distance <= 5 * variance.squareRoot() + 1e-6 * abs(paired.mean),
          "\(name): the two differences of \(observable) are \(distance) apart")
      }
    }
  }

  private static func recordings(
    _ update: any UpdateRule, _ mask: any WeightMask, seed: UInt64
  ) -> [Recording] {
    TheoryCase(
      problem: Problem(
        data: TwoClusters(variance: 0.5), samplesPerWeight: 2,
        rule: LearningRule(
          update: update, weightDecay: 0.1, sampleMask: IndependentMask(density: 0.5),
          weightMask: mask),
        start: Start(variance: 0.1), timing: .steps(60, learningRate: 0.1)),
      settings: TheorySettings(
        trajectories: 2000, batches: batches, seed: seed, sites: .ensembleBoth)
    ).solve().recordings
  }

  private static func differences(
    _ first: [Recording], _ second: [Recording], _ observable: Observable
  ) -> (mean: Double, variance: Double) {
    let values = zip(first, second).map {
      ($0.values(observable).last?.value ?? .nan) - ($1.values(observable).last?.value ?? .nan)
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(values.count - 1))
  }

  private static func report(_ name: String, _ quantity: String, _ value: Double) {
    print("\(name),\(quantity),\(value),1")
  }
}
