/// ℓ(y, f) = max(0, 1 - y f). `[problem.objective]`
///
/// Its slope jumps at y f = 1, where the curvature is left out: Stein's formula returns it.
/// `[sampling.stein]`
public struct HingeLoss: OutputLoss {
  public static let kind = "hinge"
  public static let summary = "max(0, 1 - y f)"
  public static let parameters: [Parameter] = []
  public static let kink: Double? = 1

  /// Creates the loss.
  public init() {}

  public init(from section: Section) throws { self.init() }

  public func evaluate(label: Double, output: Double) -> LossValue {
    let slack = 1 - label * output
    return LossValue(value: max(slack, 0), slope: slack > 0 ? -label : 0, curvature: 0)
  }
}
