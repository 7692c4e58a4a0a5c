/// One observable against the step, with standard errors.
public struct Curve: Sendable {
  /// What was measured.
  public let observable: Observable
  /// Steps, ascending.
  public let steps: [Int]
  /// One estimate per step.
  public let estimates: [Estimate]
  /// Replicas behind the standard errors; 1 for exact curves.
  public let replicas: Int

  /// Creates a curve.
  public init(observable: Observable, steps: [Int], estimates: [Estimate], replicas: Int) {
    precondition(steps.count == estimates.count)
    self.observable = observable
    self.steps = steps
    self.estimates = estimates
    self.replicas = replicas
  }

  /// The mean of independent replicas and its standard error; one replica counts as exact.
  ///
  /// Steps at which a replica has no optimal weight noise (it is infinite where the curvature is
  /// not positive) are left out, and so is the curve if none is left.
  /// `[observable.weightnoise]`
  public static func mean(of recordings: [Recording]) -> [Curve] {
    guard let first = recordings.first else { return [] }
    return first.observables.compactMap { observable in
      let columns = recordings.map { $0.values(observable) }
      let rows = first.steps.indices.filter { row in
        observable.quantity != .optimalWeightNoise
          || columns.allSatisfy { $0[row].value.isFinite }
      }
      guard !rows.isEmpty || first.steps.isEmpty else { return nil }
      let estimates = rows.map { row in
        Estimate(
          mean: columns.map { $0[row].value },
          commonError: columns.map { $0[row].standardError }.max() ?? 0)
      }
      return Curve(
        observable: observable, steps: rows.map { first.steps[$0] }, estimates: estimates,
        replicas: recordings.count)
    }
  }

  /// The estimate at the last step, nil for a curve without points.
  public var last: Estimate? { estimates.last }

  /// The estimate at `step`, nil if it was not measured there.
  public func at(step: Int) -> Estimate? {
    steps.firstIndex(of: step).map { estimates[$0] }
  }
}

extension Sequence<Curve> {
  /// The curve of an observable, nil if it was not measured.
  public subscript(_ observable: Observable) -> Curve? { first { $0.observable == observable } }
}
