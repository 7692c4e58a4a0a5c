internal import Foundation

/// One eigenmode x of the data under full-batch gradient descent with weight decay.
/// `[limit.spectral]` `[schedule.spectrum]`
public struct RidgeMode {
  private let step: @Sendable (Int) -> (rate: Double, decay: Double)
  private let constant: (rate: Double, decay: Double)?

  /// A mode under weight decay λ = `decay` and learning rate η = `rate`.
  public init(decay: Double, rate: Double) {
    step = { _ in (rate, decay) }
    constant = (rate, decay)
  }

  /// A mode whose rate and decay change from step to step.
  public init(steps: @escaping @Sendable (Int) -> (rate: Double, decay: Double)) {
    step = steps
    constant = nil
  }

  /// What is left after steps number `first` to t - 1: (1 - η (λ + x))^t from the start.
  public func kept(_ x: Double, _ t: Int, from first: Int = 0) -> Double {
    if let (rate, decay) = constant { return pow(1 - rate * (decay + x), Double(t - first)) }
    return (first..<t).reduce(1) { $0 * (1 - step($1).rate * (step($1).decay + x)) }
  }

  /// What t steps have made of a unit drive: (1 - kept)/(λ + x).
  public func learned(_ x: Double, _ t: Int) -> Double {
    guard let (rate, decay) = constant else {
      return (0..<t).reduce(0) { $0 * (1 - step($1).rate * (step($1).decay + x)) + step($1).rate }
    }
    return decay + x == 0 ? rate * Double(t) : (1 - kept(x, t)) / (decay + x)
  }

  /// The rate of a step.
  public func rate(at number: Int) -> Double { step(number).rate }
}
