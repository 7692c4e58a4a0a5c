/// A smooth term f(x) that is summed over whole numbers by the formula of Euler and Maclaurin.
protocol EulerMaclaurinTerm {
  /// f(x).
  func value(_ x: Double) -> Double
  /// The integral of f over [lower, upper].
  func integral(from lower: Double, to upper: Double) -> Double
  /// The derivative of f of odd `order`.
  func derivative(_ order: Int, at x: Double) -> Double
}

extension EulerMaclaurinTerm {
  /// f(1) + ... + f(last), for last >= 1, at a cost that does not depend on `last`. `[bounds.tail]`
  ///
  /// The first 16 terms are added one by one; from a = 16 on, the formula's four corrections leave
  /// less than 1e-14 of f(1), if f decays as 1/x or faster.
  func sum(through last: Int) -> Double {
    precondition(last >= 1, "a sum to \(last)")
    let direct = min(last, 16)
    let head = (1..<direct).reversed().reduce(0) { $0 + value(Double($1)) }
    let a = Double(direct)
    guard last > direct else { return head + value(a) }
    let b = Double(last)
    var tail = integral(from: a, to: b) + (value(a) + value(b)) / 2
    for (k, factor) in eulerMaclaurinFactors.enumerated() {
      tail += factor * (derivative(2 * k + 1, at: b) - derivative(2 * k + 1, at: a))
    }
    return tail + head
  }
}

/// B_2k / (2k)! for k = 1, 2, ..., with Bernoulli's numbers B.
private let eulerMaclaurinFactors = [
  1.0 / 12, -1.0 / 720, 1.0 / 30_240, -1.0 / 1_209_600,
]
