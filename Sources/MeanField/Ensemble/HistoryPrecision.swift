internal import LearningProblem
internal import NumericalKit

/// How the histories of sampled data points are stored: as Floats where the noise of a sample mask
/// covers their rounding, else as Doubles. `[sampling.orthogonal]`
///
/// Products with histories are limited by memory, and twice as fast in single precision. Full
/// batches, nearly frozen masks and small steps have hardly any noise but the fields', and the
/// gradients of several units may depend on each other (those of a softmax sum to 0): rounding is
/// amplified there from step to step, and histories are Doubles.
struct HistoryPrecision: Sendable {
  /// The least noise of the mask per step, in the units of `init`, that covers rounding.
  private static let leastNoise = 1e-3

  /// The numbers of a history.
  let storage: RowBlock.Precision
  /// Whether the noise of the mask covers rounding: b (1 - b)(1 - r²) min(1, 10 η²) > 1e-3.
  let isCovered: Bool

  /// The precision that a problem allows: Floats for one unit whose mask covers rounding.
  init(_ dynamics: Dynamics) {
    let law = dynamics.sampleSwitches
    // A schedule counts with its weakest step.
    let noise = (0..<dynamics.grid.steps).reduce(Double.infinity) { least, t in
      let (b, r) = (law.density(at: t), law.correlation(into: t + 1) ?? 0)
      // Rules that are not linear move by other sizes.
      let eta = dynamics.rule.update.isLinear ? dynamics.grid.rate(at: t) : 1
      return min(least, b * (1 - b) * (1 - r * r) * min(1, 10 * eta * eta))
    }
    isCovered = noise > Self.leastNoise
    storage = dynamics.hiddenUnits == 1 && isCovered ? .single : .double
  }
}
