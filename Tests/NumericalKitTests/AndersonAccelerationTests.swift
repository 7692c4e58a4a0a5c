import Foundation
import NumericalKit
import Testing

@Suite("Fixed points by Anderson's method")
struct AndersonAccelerationTests {
  /// Evaluations until no entry changes by more than 1e-12, and the point.
  private func solve(
    depth: Int, from start: [Double], _ map: ([Double]) -> [Double]
  ) -> (calls: Int, point: [Double]) {
    var acceleration = AndersonAcceleration(depth: depth)
    var point = start
    for calls in 1...200 {
      let image = map(point)
      let change = zip(image, point).reduce(0) { max($0, abs($1.0 - $1.1)) }
      if change < 1e-12 { return (calls, point) }
      point = acceleration.next(point: point, image: image)
    }
    return (201, point)
  }

  /// An affine map with eigenvalues beyond 1: plain iteration diverges.
  private func affine(_ x: [Double]) -> [Double] {
    [0.5 * x[0] + 0.3 * x[1] + 1, -0.7 * x[1] + 2, 0.2 * x[0] + 1.6 * x[2] - 3]
  }

  @Test("an affine map of three unknowns takes a handful of evaluations")
  func linear() {
    let (calls, point) = solve(depth: 5, from: [0, 0, 0], affine)
    #expect(calls <= 7)
    let y = 2 / 1.7
    let x = (1 + 0.3 * y) / 0.5
    #expect(abs(point[0] - x) < 1e-10 && abs(point[1] - y) < 1e-10)
    #expect(abs(point[2] - (3 - 0.2 * x) / 0.6) < 1e-10)
  }

  @Test("depth 0 is plain iteration")
  func plain() {
    let (calls, point) = solve(depth: 0, from: [1]) { [cos($0[0])] }
    let accelerated = solve(depth: 3, from: [1]) { [cos($0[0])] }
    #expect(calls > 50 && accelerated.calls < 12)
    #expect(abs(point[0] - accelerated.point[0]) < 1e-11)
    #expect(abs(cos(point[0]) - point[0]) < 1e-11)
  }

  @Test("directions that repeat do no harm")
  func degenerate() {
    // Both entries follow the same equation: differences are all parallel.
    let (_, point) = solve(depth: 8, from: [0, 0]) { x in [0.9 * x[0] + 1, 0.9 * x[0] + 1] }
    #expect(abs(point[0] - 10) < 1e-9 && abs(point[1] - 10) < 1e-9)
  }
}
