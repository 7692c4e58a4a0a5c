public import LearningProblem

/// Some samples with what the network makes of them: what quantities are summed over.
public struct SampleBlock: Sendable {
  /// Loss, margin and curvature of each sample; none beyond these counts.
  public var answers: [ObjectiveValue]
  /// Δ of each sample.
  public var variances: [Double]
  /// h, [k][sample].
  public var fields: [[Double]]
  /// The probability of each sample at given past; nil if all are present. `[sampling.conditional]`
  public var presence: [Double]?

  /// Creates a block.
  public init(
    answers: [ObjectiveValue], variances: [Double], fields: [[Double]], presence: [Double]? = nil
  ) {
    self.answers = answers
    self.variances = variances
    self.fields = fields
    self.presence = presence
  }
}
