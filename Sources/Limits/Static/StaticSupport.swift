public import LearningProblem
internal import Observables

/// Which problems have a known minimiser, and what of a problem it leaves out.
public enum StaticSupport {
  private static let instead = "`dmft solve` with many steps, which follows learning to its end"

  /// The loss, if all is known; throws `SolverError.unsupported`.
  static func loss(of problem: Problem) throws -> any ProximalLoss {
    func refused(_ what: String) -> SolverError {
      .unsupported(what: "\(what) in the static limit", instead: instead)
    }
    guard problem.network is Perceptron else {
      throw refused("network.kind \(problem.network.kind), whose loss is not convex,")
    }
    guard problem.copies == 1 else { throw refused("replicas: \(problem.copies)") }
    guard problem.data.teacher == nil else { throw refused("data.kind \(problem.data.kind)") }
    guard problem.rule.weightNoise.isNone else {
      throw refused("weight_noise.sigma \(problem.rule.weightNoise.sigma)")
    }
    guard problem.rule.dropout.inputs == 0 else {
      throw refused("dropout.inputs \(problem.rule.dropout.inputs)")
    }
    guard let loss = problem.loss as? any ProximalLoss else {
      throw refused("loss.kind \(problem.loss.kind)")
    }
    return loss
  }

  /// Sentences on parts of the learning rule that would end elsewhere. `[static.masks]`
  public static func notes(on dynamics: Dynamics) -> [String] {
    var notes: [String] = []
    let density = dynamics.sampleSwitches.density(at: 0)
    if !(dynamics.rule.sampleMask is FullMask), density < 1 {
      let mean = dynamics.rule.gradientScale == .mean
      notes.append(
        "this is the minimum over all samples; mini-batches (sample_mask "
          + "\(dynamics.rule.sampleMask.kind)) fluctuate about "
          + (mean
            ? "it"
            : "that with weight_decay \(dynamics.decay(at: 0) / density), since gradient_scale "
              + "is sum"))
    }
    let switches = dynamics.weightSwitches
    if !switches.isFull, switches.correlation == 1 {
      notes.append(
        "this is the minimum over all weights; weight_mask \(dynamics.rule.weightMask.kind) keeps "
          + "some of them at their start for ever")
    }
    if !dynamics.rule.update.restsWithTheGradient {
      notes.append(
        "this is where gradients vanish; update \(dynamics.rule.update.kind) need not come to "
          + "rest there"
      )
    }
    return notes
  }
}

extension UpdateRule {
  /// Whether weights come to rest where, and only where, the gradient vanishes.
  fileprivate var restsWithTheGradient: Bool {
    switch self {
    case is PlainUpdate, is ClipUpdate, is MomentumUpdate, is TopFractionUpdate,
      is ErrorFeedbackUpdate:
      true
    case let caching as CachingUpdate: caching.decay.constant == 0
    default: false
    }
  }
}
