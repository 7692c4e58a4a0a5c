import NumericalKit
import Testing

@Suite("Distributions, quadrature, fits")
struct StatisticsTests {
  @Test("Student's t: a table value and the normal limit")
  func student() {
    #expect(abs(StudentDistribution.twoSidedTail(2.228, degreesOfFreedom: 10) - 0.05) < 1e-4)
    let far = StudentDistribution.twoSidedTail(1.959964, degreesOfFreedom: .infinity)
    #expect(abs(far - 0.05) < 1e-6)
  }

  @Test("Gauss-Hermite integrates polynomials of a standard normal exactly")
  func hermite() {
    let rule = Quadrature.standardNormal(order: 5)
    let moments = [2: 1.0, 4: 3.0, 6: 15.0, 8: 105.0]
    for (power, expected) in moments {
      var sum = 0.0
      for (x, w) in zip(rule.nodes, rule.weights) {
        sum += w * (0..<power).reduce(1.0) { product, _ in product * x }
      }
      #expect(abs(sum - expected) < 1e-11 * expected)
    }
  }

  @Test("adaptive integration")
  func integral() {
    #expect(abs(Integration.integral(from: 0, to: 1) { x in x * x } - 1.0 / 3) < 1e-14)
  }

  @Test("a straight line is recovered with its error")
  func line() {
    let line = WeightedLine(x: [1, 2, 4], y: [3, 5, 9], errors: [0.1, 0.1, 0.2])
    #expect(abs(line.intercept - 1) < 1e-12 && abs(line.slope - 2) < 1e-12)
    // Weights 100, 100, 25: Σw = 225, Σw x = 400, Σw x² = 900, determinant 42500.
    #expect(abs(line.interceptError - (900 / 42500.0).squareRoot()) < 1e-12)
    #expect(abs(line.slopeError - (225 / 42500.0).squareRoot()) < 1e-12)
  }

  @Test("shifted Sobol points have the moments of a standard normal")
  func sobol() {
    let points = QuasiRandomPoints(dimension: 3, count: 512, shifts: 4, seed: 5)
    for shift in points.shifts {
      let second = shift.reduce(0) { $0 + $1 * $1 } / Double(shift.count)
      #expect(abs(second - 1) < 0.02)
      #expect(abs(shift.reduce(0, +) / Double(shift.count)) < 0.01)
    }
    #expect(points.shifts[0] != points.shifts[1])
  }

  @Test("random streams repeat and do not overlap")
  func streams() {
    func numbers(_ seed: UInt64, _ purpose: RandomStream.Purpose, _ index: UInt64) -> [Double] {
      var stream = RandomStream(seed: seed, purpose: purpose, index: index)
      return (0..<8).map { _ in stream.normal() }
    }
    let one = numbers(1, .inputs, 0)
    #expect(one == numbers(1, .inputs, 0))
    #expect(one != numbers(1, .start, 0))
    #expect(one != numbers(1, .inputs, 1))
    #expect(one != numbers(2, .inputs, 0))
  }
}
