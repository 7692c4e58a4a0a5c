import Foundation

/// One eigenmode x of the data under full-batch gradient descent with weight decay. `[limit.spectral]`
struct RidgeMode {
  let decay: Double
  let rate: Double

  /// What is left of the start after t steps: (1 - η (λ + x))^t.
  func kept(_ x: Double, _ t: Int) -> Double { pow(1 - rate * (decay + x), Double(t)) }

  /// What t steps have made of a unit drive: (1 - kept)/(λ + x).
  func learned(_ x: Double, _ t: Int) -> Double {
    decay + x == 0 ? rate * Double(t) : (1 - kept(x, t)) / (decay + x)
  }
}
