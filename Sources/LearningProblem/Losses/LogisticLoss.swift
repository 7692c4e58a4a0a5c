internal import Foundation

/// ℓ(y, f) = log(1 + exp(-y f)). `[problem.objective]`
public struct LogisticLoss: OutputLoss {
  public static let kind = "logistic"
  public static let summary = "log(1 + exp(-y f))"
  public static let parameters: [Parameter] = []
  public static let largestCurvature: Double? = 0.25

  /// Creates the loss.
  public init() {}

  public init(from section: Section) throws { self.init() }

  /// Accurate for any argument: only exp of a number <= 0 is taken.
  public func evaluate(label: Double, output: Double) -> LossValue {
    let margin = label * output
    let decay = exp(-abs(margin))
    let sigmoid = (margin > 0 ? decay : 1) / (1 + decay)  // σ(-y f)
    return LossValue(
      value: max(-margin, 0) + log1p(decay),
      slope: -label * sigmoid,
      curvature: label * label * sigmoid * (1 - sigmoid))
  }
}
