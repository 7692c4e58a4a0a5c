/// What changing the synapses has cost so far, per weight: sums over the steps done.
///
/// Changes are those of the lasting part of a synapse, which is the whole weight for all update
/// rules but `caching`.
public struct SynapticEnergy: Sendable, Equatable {
  /// M0/d, how often a synapse was written. `[observable.writes]`
  public var writes = 0.0
  /// M1/d, nil where it is not known. `[observable.absolutechange]`
  public var absoluteChange: Double? = 0.0
  /// M2/d. `[observable.squaredchange]`
  public var squaredChange = 0.0
  /// E|Σ changes|, nil where it is not known. `[observable.netchange]`
  public var netChange: Double? = 0.0

  /// Nothing spent.
  public init() {}

  /// M1 over the net change; 1 where nothing has changed. `[observable.inefficiency]`
  ///
  /// At least 1 by the triangle inequality if the moments are those of a distribution:
  /// `isConsistent`.
  public var inefficiency: Double? {
    guard let absoluteChange, let netChange else { return nil }
    guard netChange > 0 else { return 1 }
    return absoluteChange / netChange
  }

  /// Whether nothing is negative and the absolute change is not below the net change, up to
  /// rounding.
  public var isConsistent: Bool {
    squaredChange >= 0 && !((inefficiency ?? 1) < 1 - 1e-9)
  }

  /// Records what is known in the current row.
  public func record(in recording: inout Recording) {
    recording.record(.writes, writes)
    if let absoluteChange { recording.record(.absoluteChange, absoluteChange) }
    recording.record(.squaredChange, squaredChange)
    recordNet(in: &recording)
  }

  /// Records the lengths of the paths, which unlike the number of writes have a limit in continuous
  /// time.
  public func recordLengths(in recording: inout Recording) {
    if let absoluteChange { recording.record(.absoluteChange, absoluteChange) }
    recordNet(in: &recording)
  }

  private func recordNet(in recording: inout Recording) {
    if let netChange { recording.record(.netChange, netChange) }
    if let inefficiency { recording.record(.inefficiency, inefficiency) }
  }
}
