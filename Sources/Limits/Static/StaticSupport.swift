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
    guard problem.data.teacher == nil else { throw refused("data.kind \(problem.data.kind)") }
    guard problem.weightNoise.sigma == 0 else {
      throw refused("weight_noise.sigma \(problem.weightNoise.sigma)")
    }
    guard problem.dropout.inputs == 0 else {
      throw refused("dropout.inputs \(problem.dropout.inputs)")
    }
    guard let loss = problem.loss as? any ProximalLoss else {
      throw refused("loss.kind \(problem.loss.kind)")
    }
    return loss
  }

  /// Sentences on parts of the learning rule that would end elsewhere. `[static.masks]`
  public static func notes(on problem: Problem) -> [String] {
    var notes: [String] = []
    let density = problem.sampleMask.density
    if !(problem.sampleMask is FullMask), density < 1 {
      let mean = problem.gradientScale == .mean
      notes.append(
        "this is the minimum over all samples; mini-batches (sample_mask "
          + "\(problem.sampleMask.kind)) fluctuate about "
          + (mean
            ? "it"
            : "that with weight_decay \(problem.weightDecay / density), since gradient_scale "
              + "is sum"))
    }
    if problem.weightMask.keepsWeightsForever {
      notes.append(
        "this is the minimum over all weights; weight_mask \(problem.weightMask.kind) keeps some "
          + "of them at their start for ever")
    }
    if !problem.update.restsWithTheGradient {
      notes.append(
        "this is where gradients vanish; update \(problem.update.kind) need not come to rest there")
    }
    return notes
  }
}

extension WeightMask {
  /// Whether a weight may be off at all steps.
  fileprivate var keepsWeightsForever: Bool { !switches.isFull && switches.correlation == 1 }
}

extension UpdateRule {
  /// Whether weights come to rest where, and only where, the gradient vanishes.
  fileprivate var restsWithTheGradient: Bool {
    switch self {
    case is PlainUpdate, is ClipUpdate, is MomentumUpdate, is TopFractionUpdate,
      is ErrorFeedbackUpdate:
      true
    case let caching as CachingUpdate: caching.decay == 0
    default: false
    }
  }
}
