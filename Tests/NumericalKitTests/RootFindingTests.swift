import Foundation
import NumericalKit
import Testing

@Suite("Roots and Gauss-Legendre rules")
struct RootFindingTests {
  @Test("a known root of two equations")
  func known() {
    let root = RootFinding.hybrids(from: [-10, -5], tolerance: 1e-12) { x in
      [1 - x[0], 10 * (x[1] - x[0] * x[0])]
    }
    #expect(root.residual <= 1e-12)
    #expect(abs(root.x[0] - 1) < 1e-12 && abs(root.x[1] - 1) < 1e-12)
  }

  @Test("roots at zero are no special case", arguments: [0.0, 1e-17, -1e-16])
  func zero(start: Double) {
    let root = RootFinding.hybrids(from: [start, 0.1], tolerance: 1e-13) { x in
      [expm1(x[0]) + x[1], sin(x[1])]
    }
    #expect(root.residual <= 1e-13 && abs(root.x[0]) < 1e-12)
  }

  @Test("without a root the residual says so; what is not finite has none")
  func none() {
    #expect(RootFinding.hybrids(from: [3], tolerance: 1e-12) { [1 + $0[0] * $0[0]] }.residual >= 1)
    #expect(
      RootFinding.hybrids(from: [-5], tolerance: 1e-12) { [log($0[0])] }.residual == .infinity)
  }

  /// x³ + x = log of the parameter; the direct way from x = 0 is fine, but steps must end exactly
  /// at last.
  @Test("a root is followed up and down", arguments: [1e-9, 1e-3, 1.0, 7, 1e12])
  func follow(last: Double) {
    let root = RootFinding.follow([0], from: 1, to: last, tolerance: 1e-12) { x, parameter in
      [x[0] * x[0] * x[0] + x[0] - log(parameter)]
    }
    #expect(root.residual <= 1e-12)
    #expect(abs(pow(root.x[0], 3) + root.x[0] - log(last)) < 1e-11)
  }

  @Test("a path that ends is not followed beyond")
  func fold() {
    let root = RootFinding.follow([1], from: 1, to: 1e-4, tolerance: 1e-10) { x, parameter in
      [x[0] * x[0] - log(parameter) - 1 - 2 * log(parameter)]
    }
    #expect(root.residual > 1e-10)
  }

  @Test("Gauss-Legendre is exact below degree 2n")
  func legendre() {
    let rule = Quadrature.legendre(order: 7)
    for degree in 0..<14 {
      let sum = zip(rule.nodes, rule.weights).reduce(0.0) {
        $0 + $1.1 * pow($1.0, Double(degree))
      }
      #expect(abs(sum - (degree % 2 == 0 ? 2 / Double(degree + 1) : 0)) < 1e-14)
    }
  }
}
