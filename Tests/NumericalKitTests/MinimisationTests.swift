import Foundation
import NumericalKit
import Testing

@Suite("Minima of functions of one variable")
struct MinimisationTests {
  private struct Refused: Error {}

  /// Minimises over [-2, 3] from the middle 0.1; also the number of evaluations.
  private func minimum(
    tolerance: Double = 1e-6, evaluations: Int = 100, of function: (Double) -> Double
  ) -> (point: Minimisation.Point, calls: Int) {
    var calls = 0
    let point = Minimisation.brent(
      lower: .init(x: -2, value: function(-2)), middle: .init(x: 0.1, value: function(0.1)),
      upper: .init(x: 3, value: function(3)), tolerance: tolerance, evaluations: evaluations
    ) { x in
      calls += 1
      return function(x)
    }
    return (point, calls)
  }

  @Test("a smooth minimum, in few evaluations")
  func smooth() {
    let (point, calls) = minimum { cosh($0 - 0.7) }
    #expect(abs(point.x - 0.7) < 1e-6 && abs(point.value - 1) < 1e-12)
    #expect(calls < 20)
  }

  @Test("a kink and a jump are found as well")
  func rough() {
    #expect(abs(minimum { abs($0 - 0.7) }.point.x - 0.7) < 1e-5)
    let cliff = minimum { $0 < 0.05 ? 100 - $0 : $0 }.point
    #expect(cliff.x >= 0.05 && cliff.x < 0.0501)
  }

  @Test("the number of evaluations is kept, the middle never lost")
  func limits() {
    let (point, calls) = minimum(evaluations: 3) { cosh($0 - 0.7) }
    #expect(calls == 3)
    #expect(point.value <= cosh(0.6))
  }

  @Test("what the function throws ends the search")
  func throwing() {
    #expect(throws: Refused.self) {
      try Minimisation.brent(
        lower: .init(x: -1, value: 1), middle: .init(x: 0, value: 0),
        upper: .init(x: 1, value: 1), tolerance: 1e-6, evaluations: 10
      ) { (_: Double) throws(Refused) in throw Refused() }
    }
  }
}
