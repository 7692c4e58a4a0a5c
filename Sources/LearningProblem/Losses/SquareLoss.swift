/// ℓ(y, f) = (f - y)²/2. `[problem.objective]`
public struct SquareLoss: OutputLoss {
  public static let kind = "square"
  public static let summary = "(f - y)^2 / 2"
  public static let parameters: [Parameter] = []
  public static let largestCurvature: Double? = 1

  /// Creates the loss.
  public init() {}

  public init(from section: Section) throws { self.init() }

  public func evaluate(label: Double, output: Double) -> LossValue {
    let error = output - label
    return LossValue(value: 0.5 * error * error, slope: error, curvature: 1)
  }
}
