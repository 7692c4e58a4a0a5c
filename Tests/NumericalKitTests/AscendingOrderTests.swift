import NumericalKit
import Testing

@Suite("Ascending order")
struct AscendingOrderTests {
  /// What the standard library makes of it.
  private func expectOrder(_ x: [Double], _ location: SourceLocation = #_sourceLocation) {
    let expected = x.indices.sorted { x[$0] != x[$1] ? x[$0] < x[$1] : $0 < $1 }
    #expect(DenseVector.ascendingOrder(x) == expected, sourceLocation: location)
  }

  @Test("numbers of both signs and all sizes", arguments: [1, 2, 3, 255, 256, 257, 1000])
  func normal(count: Int) {
    var stream = RandomStream(seed: 7, purpose: .fieldNoise)
    expectOrder((0..<count).map { _ in stream.normal() })
    let scale = { (x: Double) in x * x * x * x * x * x * x * x * x }
    expectOrder((0..<count).map { _ in scale(stream.normal()) })
  }

  @Test("equal numbers keep their order, zeros of both signs are equal")
  func equal() {
    expectOrder([])
    expectOrder([0, -0.0, 0, -0.0])
    expectOrder([1, -1, 0, -0.0, 1, -1, 0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude])
    expectOrder((0..<600).map { Double(($0 * 7) % 5) - 2 })
  }

  @Test("infinite and neighbouring numbers")
  func extreme() {
    let numbers = [
      .infinity, 1, -.infinity, 1.0.nextUp, 1.0.nextDown, -1.0.nextUp, -1, 3e300, 3e-300,
    ]
    expectOrder(numbers)
    // Neighbours, told apart by the last byte alone, stand in either order.
    expectOrder(numbers.reversed())
  }

  /// Numbers that agree in their upper four bytes: few of them, and so many that insertion would
  /// take too long.
  @Test("many neighbours", arguments: [3, 20, 1000])
  func neighbours(count: Int) {
    let numbers = (0..<count).map { 1 + Double(count - $0) * 0x1p-52 }
    expectOrder(numbers)
    expectOrder(numbers.map { -$0 })
    expectOrder(numbers + numbers)
  }
}
