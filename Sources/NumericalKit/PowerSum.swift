internal import CNumerics
internal import Foundation

/// Sums of powers, Σ n^-(1 + excess) from n = 1.
///
/// The argument is the excess of the exponent over 1, because the sums depend on it as 1/excess
/// near zero and 1 + excess cannot hold a small one.
public enum PowerSum {
  /// ζ(1 + excess), the infinite sum, for excess > 0; relative error 1e-14, however small the
  /// excess.
  ///
  /// (s - 1) ζ(s) is smooth at s = 1: it is taken at the s that is a Double (by GSL), and divided
  /// by the excess that was asked for.
  public static func infinite(excess: Double) -> Double {
    precondition(
      Libraries.ready && excess > 0 && excess.isFinite,
      "ζ(1 + excess) diverges unless excess > 0, got \(excess)")
    let s = 1 + excess
    guard s > 1 else { return 1 / excess }
    var result = gsl_sf_result()
    unsafe Libraries.require(gsl_sf_zeta_e(s, &result), "ζ(\(s))")
    return result.val * ((s - 1) / excess)
  }

  /// The sum to n = `last` >= 1, for excess >= 0; relative error 1e-14, cost that of 16 terms.
  ///
  /// Not the difference of ζ and Hurwitz's ζ, which cancels as the excess goes to zero.
  /// `[bounds.tail]`
  public static func finite(excess: Double, through last: Int) -> Double {
    precondition(excess >= 0 && excess.isFinite, "excess must be at least 0, got \(excess)")
    return Power(excess: excess).sum(through: last)
  }

  /// f(x) = x^-(1 + excess).
  private struct Power: EulerMaclaurinTerm {
    let excess: Double

    func value(_ x: Double) -> Double { pow(x, -1 - excess) }

    /// [a^-excess - b^-excess] / excess, and ln(b/a) at excess 0.
    func integral(from lower: Double, to upper: Double) -> Double {
      let length = log(upper / lower)
      guard excess * length > 1e-18 else { return length }
      return pow(lower, -excess) * -expm1(-excess * length) / excess
    }

    /// f' = -s x^-(s+1) with s = 1 + excess, and so on: odd derivatives are negative.
    func derivative(_ order: Int, at x: Double) -> Double {
      var result = -value(x)
      for i in 1...order { result *= (excess + Double(i)) / x }
      return result
    }
  }
}
