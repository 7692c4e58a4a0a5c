internal import Foundation

/// One eigenmode x of the data under full-batch gradient descent with weight decay.
/// `[limit.spectral]` `[schedule.spectrum]`
public struct RidgeMode {
  private let step: @Sendable (Int) -> (rate: Double, decay: Double)
  private let constant: (rate: Double, decay: Double)?
  private let flow: (time: @Sendable (Int) -> Double, decay: @Sendable (Double) -> Double)?

  /// A mode under weight decay λ = `decay` and learning rate η = `rate`.
  public init(decay: Double, rate: Double) {
    step = { _ in (rate, decay) }
    constant = (rate, decay)
    flow = nil
  }

  /// A mode in continuous time, whose decay has the integral `decay` from time 0; steps stand for
  /// the times `time`. `[schedule.flow]`
  public init(
    time: @escaping @Sendable (Int) -> Double, decay: @escaping @Sendable (Double) -> Double
  ) {
    step = { _ in (.nan, .nan) }
    constant = nil
    flow = (time, decay)
  }

  /// A mode whose rate and decay change from step to step.
  public init(steps: @escaping @Sendable (Int) -> (rate: Double, decay: Double)) {
    step = steps
    constant = nil
    flow = nil
  }

  /// What is left after steps number `first` to t - 1: (1 - η (λ + x))^t from the start.
  public func kept(_ x: Double, _ t: Int, from first: Int = 0) -> Double {
    if let flow { return kept(x, from: flow.time(first), to: flow.time(t)) }
    if let (rate, decay) = constant { return pow(1 - rate * (decay + x), Double(t - first)) }
    return (first..<t).reduce(1) { $0 * (1 - step($1).rate * (step($1).decay + x)) }
  }

  /// exp(-∫ (λ + x) dt).
  private func kept(_ x: Double, from start: Double, to end: Double) -> Double {
    guard let flow else { return .nan }
    return exp(-(flow.decay(end) - flow.decay(start)) - x * (end - start))
  }

  /// ∫ kept ds from 0, by Gauss's rule of 4 points on 40 panels.
  private func learned(_ x: Double, until end: Double) -> Double {
    let half = end / 80
    let rule = [(0.3399810435848563, 0.6521451548625461), (0.8611363115940526, 0.3478548451374538)]
    var sum = 0.0
    for panel in 0..<40 {
      let middle = Double(2 * panel + 1) * half
      for (node, weight) in rule {
        sum +=
          weight
          * (kept(x, from: middle - half * node, to: end)
            + kept(x, from: middle + half * node, to: end))
      }
    }
    return half * sum
  }

  /// What t steps have made of a unit drive: (1 - kept)/(λ + x), or ∫ kept ds in a flow.
  public func learned(_ x: Double, _ t: Int) -> Double {
    if let flow { return learned(x, until: flow.time(t)) }
    guard let (rate, decay) = constant else {
      return (0..<t).reduce(0) { $0 * (1 - step($1).rate * (step($1).decay + x)) + step($1).rate }
    }
    return decay + x == 0 ? rate * Double(t) : (1 - kept(x, t)) / (decay + x)
  }

  /// The rate of a step.
  public func rate(at number: Int) -> Double { step(number).rate }
}
