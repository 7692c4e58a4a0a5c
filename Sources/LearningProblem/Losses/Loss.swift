/// What is minimised, summed over the samples; a network says which losses it takes.
public protocol Loss: Ingredient {}

/// The cost ℓ(y, f) of answering f where the label is y: ±1, or any number from a teacher.
/// `[problem.objective]`
public protocol OutputLoss: Loss {
  /// ℓ and its first two derivatives with respect to the output f.
  func evaluate(label: Double, output: Double) -> LossValue
  /// The margin y f at which ∂ℓ/∂f jumps, nil if it never does; ∂²ℓ/∂f² leaves the jump out.
  static var kink: Double? { get }
  /// The largest ∂²ℓ/∂f² of labels ±1, nil if it has no bound.
  static var largestCurvature: Double? { get }
}

extension OutputLoss {
  /// Smooth unless a loss says otherwise.
  public static var kink: Double? { nil }
  /// No bound unless a loss names one.
  public static var largestCurvature: Double? { nil }
}

/// A loss and its derivatives with respect to the network's output.
public struct LossValue: Sendable {
  /// ℓ(y, f).
  public let value: Double
  /// ∂ℓ/∂f.
  public let slope: Double
  /// ∂²ℓ/∂f².
  public let curvature: Double

  /// Creates the triple.
  @inlinable
  public init(value: Double, slope: Double, curvature: Double) {
    self.value = value
    self.slope = slope
    self.curvature = curvature
  }
}
