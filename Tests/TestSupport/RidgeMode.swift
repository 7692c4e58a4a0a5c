internal import Foundation

/// One eigenmode x of the data under full-batch gradient descent with weight decay.
/// `[limit.spectral]`
public struct RidgeMode {
  let decay: Double
  let rate: Double

  /// A mode under weight decay λ = `decay` and learning rate η = `rate`.
  public init(decay: Double, rate: Double) {
    self.decay = decay
    self.rate = rate
  }

  /// What is left of the start after t steps: (1 - η (λ + x))^t.
  public func kept(_ x: Double, _ t: Int) -> Double { pow(1 - rate * (decay + x), Double(t)) }

  /// What t steps have made of a unit drive: (1 - kept)/(λ + x).
  public func learned(_ x: Double, _ t: Int) -> Double {
    decay + x == 0 ? rate * Double(t) : (1 - kept(x, t)) / (decay + x)
  }
}
