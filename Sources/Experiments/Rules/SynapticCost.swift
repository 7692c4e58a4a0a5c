public import Observables

/// The energies by which rules can be compared.
public enum SynapticCost: String, Sendable, CaseIterable {
  /// M0: how often a synapse is written.
  case writes
  /// M1: how far synapses move, back and forth.
  case absoluteChange = "absolute_change"
  /// M2: squared changes.
  case squaredChange = "squared_change"

  /// Its observable.
  public var observable: Observable {
    switch self {
    case .writes: .writes
    case .absoluteChange: .absoluteChange
    case .squaredChange: .squaredChange
    }
  }
}
