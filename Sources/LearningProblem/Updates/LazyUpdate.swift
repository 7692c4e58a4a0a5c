/// The plain rule, with a gradient that only misclassified samples contribute to. `[update.lazy]`
///
/// The data term loses the samples with y f(h) >= 0, that is Λ' is multiplied by 1{y f(h) < 0}: a
/// change on the sample side. Weights with no error left to learn from cost nothing.
public struct LazyUpdate: UpdateRule {
  public static let kind = "lazy"
  public static let summary = "the gradient of the misclassified samples alone"
  public static let parameters: [Parameter] = []

  public let isLinear = true
  public let learnsFromErrorsOnly = true

  /// Creates the rule.
  public init() {}

  public init(from section: Section) throws { self.init() }

  public func change(
    gradient: Double, memory: inout Double, in step: UpdateStep
  ) -> SynapseChange {
    SynapseChange(gradient)
  }
}
