public import Limits
internal import Observables

/// Minimisers at one value of a key of the problem, or at several.
public struct StaticScan: Sendable {
  /// One minimiser.
  public struct Point: Sendable {
    /// The value of the scanned key; nil without a scan.
    public let value: Double?
    /// The minimiser there.
    public let minimiser: StaticMinimiser
    /// The least test errors there.
    public let bounds: TestErrorBounds?

    /// Creates a point.
    public init(value: Double?, minimiser: StaticMinimiser, bounds: TestErrorBounds?) {
      self.value = value
      self.minimiser = minimiser
      self.bounds = bounds
    }

    /// Names and values, as in `static.csv`; nil is what does not exist here.
    var quantities: [(name: String, value: Double?)] {
      minimiser.quantities + [
        ("bayes_test_error", bounds?.bayes.value), ("oracle_test_error", bounds?.oracle.value),
      ]
    }
  }

  /// What was scanned; nil for a single point.
  public let request: ParameterAxis?
  /// The minimisers, in the order of the scan.
  public let points: [Point]

  /// Creates a scan.
  public init(request: ParameterAxis?, points: [Point]) {
    self.request = request
    self.points = points
  }
}

extension StaticMinimiser {
  /// Names and values; nil is what does not exist.
  fileprivate var quantities: [(name: String, value: Double?)] {
    func indexed(_ name: String, _ values: [Double]) -> [(name: String, value: Double?)] {
      values.enumerated().map { (values.count == 1 ? name : "\(name)_\($0 + 1)", $1) }
    }
    return indexed("magnetisation", overlaps) + indexed("alignment", alignments) + [
      ("norm", norm), ("response", response), ("curvature", curvature),
      ("training_loss", trainingLoss), ("training_error", trainingError),
      ("test_loss", testLoss), ("test_error", testError), ("cost", cost), ("margin", margin),
      ("separability_threshold", separabilityThreshold), ("residual", residual),
    ]
  }
}
