internal import CNumerics
internal import Foundation

/// Sums of exponentials with a decay rate γ per step, from n = 1.
public enum ExponentialSum {
  /// Σ e^(-γ n) to n = `last` >= 1 (nil: infinity, for γ > 0), for γ >= 0; relative error 1e-15.
  public static func plain(decay: Double, through last: Int?) -> Double {
    check(decay, last)
    if let last, decay * Double(last) < 1e-18 { return Double(last) }
    let infinite = 1 / expm1(decay)
    return last.map { infinite * -expm1(-decay * Double($0)) } ?? infinite
  }

  /// Σ e^(-γ n) / n to n = `last` >= 1 (nil: infinity, for γ > 0), for γ >= 0; relative error
  /// 1e-13.
  ///
  /// The infinite sum is -ln(1 - e^-γ). Finite ones are `[bounds.tail]` with the exponential
  /// integral E1.
  public static func overIndex(decay: Double, through last: Int?) -> Double {
    check(decay, last)
    guard let last else {
      return decay < 1 ? -log(-expm1(-decay)) : -log1p(-exp(-decay))
    }
    return Term(decay: decay).sum(through: last)
  }

  private static func check(_ decay: Double, _ last: Int?) {
    precondition(
      Libraries.ready && decay.isFinite && decay >= 0 && (decay > 0 || last != nil)
        && last ?? 1 >= 1,
      "no sum of exponentials with decay \(decay) to \(last.map(String.init) ?? "infinity")")
  }

  /// f(x) = e^(-γ x) / x.
  private struct Term: EulerMaclaurinTerm {
    let decay: Double

    func value(_ x: Double) -> Double { exp(-decay * x) / x }

    /// E1(γ a) - E1(γ b); the logarithm of b/a where γ b is nothing.
    func integral(from lower: Double, to upper: Double) -> Double {
      guard decay * upper > 1e-18 else { return log(upper / lower) }
      return integralToInfinity(from: lower) - integralToInfinity(from: upper)
    }

    private func integralToInfinity(from x: Double) -> Double {
      guard decay * x < 700 else { return 0 }
      var result = gsl_sf_result()
      unsafe Libraries.require(gsl_sf_expint_E1_e(decay * x, &result), "E1(\(decay * x))")
      return result.val
    }

    /// The derivative of odd order j by Leibniz's rule, -e^(-γ x) j!/x^(j+1) Σ_{i<=j} (γ x)^i/i!
    /// for odd j.
    func derivative(_ order: Int, at x: Double) -> Double {
      var partial = 1.0
      var term = 1.0
      var factorial = 1.0
      for i in 1...order {
        term *= decay * x / Double(i)
        partial += term
        factorial *= Double(i) / x
      }
      return -value(x) * factorial * partial
    }
  }
}
