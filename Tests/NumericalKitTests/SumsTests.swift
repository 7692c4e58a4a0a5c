import NumericalKit
import Testing

@Suite("Sums of powers and exponentials [bounds.tail]")
struct SumsTests {
  private func distance(_ value: Double, _ expected: Double) -> Double {
    abs(value / expected - 1)
  }

  /// mpmath with 30 digits.
  @Test(
    "ζ(1 + excess), however small the excess",
    arguments: [
      (1e-18, 1e18), (1e-12, 1_000_000_000_000.5772157), (1e-6, 1_000_000.5772157377174),
      (1e-3, 1000.5772884759014927), (0.5, 2.6123753486854883433), (1, 1.6449340668482264365),
      (10, 1.0004941886041194646), (1000, 1),
    ])
  func zeta(excess: Double, sum: Double) {
    #expect(distance(PowerSum.infinite(excess: excess), sum) < 1e-14)
  }

  /// mpmath with 30 digits.
  @Test(
    "a billion terms and more",
    arguments: [
      (0, 1000, 7.4854708605503449127), (0, 1_000_000_000, 21.300481502347944017),
      (1e-9, 1_000_000_000, 21.300481287693887861), (0.3, 1_000_000_000, 3.9252983374273122595),
      (0.5, 1_000_000_000, 2.6123121031323007872),
      (1e-6, 1_000_000_000_000, 28.207855120498367569),
    ])
  func powers(excess: Double, last: Int, sum: Double) {
    #expect(distance(PowerSum.finite(excess: excess, through: last), sum) < 1e-14)
  }

  @Test("every last term from 1 to 40, one by one")
  func small() {
    for excess in [0, 1e-10, 0.5, 4] {
      for last in 1...40 {
        let sum = (1...last).reversed().reduce(0.0) { total, n in
          var power = 1 / Double(n)
          for _ in 0..<Int(excess) { power /= Double(n) }
          return total + (excess == 0.5 ? power / Double(n).squareRoot() : power)
        }
        #expect(distance(PowerSum.finite(excess: excess, through: last), sum) < 1e-9)
      }
    }
    #expect(PowerSum.finite(excess: 1, through: 2) == 1.25)
  }

  /// Σ e^(-γ n)/n and Σ e^(-γ n), mpmath with 30 digits.
  @Test(
    "exponentials",
    arguments: [
      (0.01, 50, 4.05642740594362079, 39.1505272491633966),
      (0.05, 200, 3.0206240645479106, 19.5032810052770279),
      (0.2, 1000, 1.70777180097051991, 4.51665556612699481),
      (1e-3, 1_000_000, 6.90825523731547073, 999.500083333331944),
      (1e-9, 1_000_000_000, 20.5038819032348306, 632_120_558.512497399),
    ])
  func exponentials(decay: Double, last: Int, overIndex: Double, plain: Double) {
    #expect(distance(ExponentialSum.overIndex(decay: decay, through: last), overIndex) < 1e-13)
    #expect(distance(ExponentialSum.plain(decay: decay, through: last), plain) < 1e-13)
  }

  @Test("exponentials without decay, and without end")
  func exponentialLimits() {
    #expect(ExponentialSum.plain(decay: 0, through: 12) == 12)
    #expect(
      distance(
        ExponentialSum.overIndex(decay: 0, through: 1000),
        PowerSum.finite(excess: 0, through: 1000)) < 1e-14)
    for decay in [0.01, 0.5, 0.9, 1.1, 30] {
      let last = Int(80 / decay) + 2
      for (finite, infinite) in [
        (
          ExponentialSum.plain(decay: decay, through: last),
          ExponentialSum.plain(decay: decay, through: nil)
        ),
        (
          ExponentialSum.overIndex(decay: decay, through: last),
          ExponentialSum.overIndex(decay: decay, through: nil)
        ),
      ] { #expect(distance(finite, infinite) < 1e-13) }
    }
  }
}
