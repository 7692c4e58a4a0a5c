public import Observables

/// One steady state, or several independent estimates of one.
public struct StationarySolution: Sendable {
  /// The estimates, all with the same lags; one if nothing was sampled.
  public let states: [StationaryState]

  init(states: [StationaryState]) {
    let lags = states.map(\.lags).max() ?? 0
    self.states = states.map { $0.resized(lags) }
  }

  /// L, the number of lags.
  public var lags: Int { states[0].lags }
  /// Whether nothing was sampled.
  public var isExact: Bool { states.count == 1 }

  /// Whether weights move at all in the steady state: not more than rounding for full batches.
  public var fluctuates: Bool {
    states.contains { $0.fluctuation > 1e-7 * $0.norm }
  }

  /// Mean and standard error of a number over the states.
  public func estimate(_ quantity: (StationaryState) -> Double) -> Estimate {
    Estimate(mean: states.map(quantity))
  }

  /// Mean and standard error of each entry of a list over the states.
  public func estimates(_ quantity: (StationaryState) -> [Double]) -> [Estimate] {
    let lists = states.map(quantity)
    return lists[0].indices.map { index in Estimate(mean: lists.map { $0[index] }) }
  }
}
