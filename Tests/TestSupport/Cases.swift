public import LearningProblem
public import MeanField
public import Observables

/// Problems that several tests share.
public enum Cases {
  /// The logistic case of the acceptance numbers: α 2, Δ 0.5, λ 0.1, η 0.3, R0 0.1.
  public static func logistic(
    steps: Int, sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask(),
    trajectories: Int = 2000, batches: Int = 8
  ) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, weightDecay: 0.1,
      start: Start(variance: 0.1), learningRate: 0.3, steps: steps, sampleMask: sampleMask,
      weightMask: weightMask,
      theory: TheorySettings(trajectories: trajectories, batches: batches))
  }

  /// The square-loss case of the acceptance numbers: α 2, Δ 0.5, λ 0.1, η 0.3, R0 0.5.
  public static func square(
    steps: Int, sampleMask: any Mask = FullMask(), weightMask: any WeightMask = FullMask()
  ) -> Setup {
    Setup(
      data: TwoClusters(variance: 0.5), samplesPerWeight: 2, loss: SquareLoss(), weightDecay: 0.1,
      start: Start(variance: 0.5), learningRate: 0.3, steps: steps, sampleMask: sampleMask,
      weightMask: weightMask)
  }

  /// Every Markov or epoch mask on samples that tests run through.
  public static let sampleMasks: [any Mask] = [
    FullMask(), IndependentMask(density: 0.4), PersistentMask(density: 0.4, correlation: 0.8),
    PersistentMask(density: 0.5, correlation: -0.4),
  ]

  /// Every mask on weights that tests run through.
  public static let weightMasks: [any WeightMask] = [
    FullMask(), IndependentMask(density: 0.5), PersistentMask(density: 0.5, correlation: 0.7),
    FrozenMask(density: 0.6),
  ]
}

extension Solution {
  /// The curve of `observable`; tests fail loudly if it is missing.
  public func curve(_ observable: Observable) -> Curve { curves.named(observable) }
}

extension [Curve] {
  /// The curve of `observable`; tests fail loudly if it is missing.
  public func named(_ observable: Observable) -> Curve {
    guard let curve = first(where: { $0.observable == observable }) else {
      preconditionFailure("no curve of \(observable) among \(map(\.observable))")
    }
    return curve
  }
}

extension Observable {
  /// m of a perceptron with one signal direction.
  public static let magnetisation = Observable.magnetisation(0, 0, single: true)
  /// C(t, t) of a perceptron with one signal direction.
  public static let norm = Observable.norm(0, 0, single: true)
}
