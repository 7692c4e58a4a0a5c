/// What is known of a training run, whatever it learned.
public struct Workload: Sendable, Equatable {
  /// F, operations (FLOPs) of the whole training; >= 0.
  public let operations: Double
  /// M, trained parameters, each held in memory at the end; >= 0.
  public let parameters: Double
  /// D, samples (for a language model, tokens) in the training set; nil if unknown.
  public let samples: Double?

  /// Creates a workload; counts are real numbers because they reach 1e28.
  public init(operations: Double, parameters: Double, samples: Double? = nil) {
    for count in [operations, parameters, samples ?? 0] {
      precondition(count >= 0 && count.isFinite, "counts must be at least 0, got \(count)")
    }
    self.operations = operations
    self.parameters = parameters
    self.samples = samples
  }
}
