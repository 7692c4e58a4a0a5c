internal import LearningProblem
internal import NumericalKit
internal import Observables

/// A weight site whose step may depend on weights of other groups: on all of them together units
/// and synapses compete, and principal axes share the noise of masks. `[inputs.weight]`
///
/// A step is taken in three parts, between which groups tell each other.
protocol GroupSite: WeightSite {
  /// Takes μ, S and χ of the present; E[c G_k G_l], K rows of K, where anything depends on it, else
  /// no rows.
  mutating func prepare(_ weights: WeightKernels, _ samples: SampleKernels) -> [[Double]]
  /// Decides who learns, given E[c G_k G_l] of all weights; the scores of weights that compete.
  mutating func choose(_ power: [[Double]], step: Int) -> CompetingScores?
  /// Takes the step, in which only scores above `threshold` win, if there are any.
  mutating func finish(
    _ weights: inout WeightKernels, _ samples: SampleKernels, threshold: Double
  ) -> WeightValues
  /// What the last step changed, and what has changed since the start, of each unit; nil where it
  /// is sampled.
  var known: KnownStep? { get }
}

/// The scores of weights that compete for a step, of which a fraction wins. `[update.rules]`
struct CompetingScores: Sendable {
  var values: [Double]
  let winningFraction: Double
}

/// What closed equations know of the changes of each unit.
struct KnownStep: Sendable {
  var step: [KnownChanges]
  var sinceStart: [KnownChanges]

  /// Means over units.
  var values: WeightValues {
    var values = WeightValues(step, .step)
    values.complete(with: WeightValues(sinceStart, .sinceStart))
    return values
  }
}

extension GroupSite {
  var known: KnownStep? { nil }

  mutating func advance(_ weights: inout WeightKernels, _ samples: SampleKernels) -> WeightValues {
    let power = prepare(weights, samples)
    var threshold = 0.0
    if var scores = choose(power, step: weights.time) {
      threshold = Competition.threshold(
        &scores.values, winningFraction: scores.winningFraction)
    }
    return finish(&weights, samples, threshold: threshold)
  }
}

/// One group of weights: its kernels, and what it has spent at times 0...T. `[inputs.observed]`
struct GroupHistory: Sendable {
  /// ρ, and what the group is.
  let group: InputGroups.Group
  /// m, C and R of its weights, with the components ε of the signal. `[inputs.root]`
  var weights: WeightKernels
  /// μ, S and χ that they got.
  var samples: SampleKernels
  /// What its weights have spent, per weight; empty where they are no synapses by themselves.
  var energy: [WeightValues]
}
