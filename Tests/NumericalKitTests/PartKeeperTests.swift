import Foundation
import NumericalKit
import Testing

@Suite("Parts")
struct PartKeeperTests {
  private func again<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
  }

  @Test("numbers are kept bit by bit")
  func exactNumbers() throws {
    let values = [
      0, -0.0, 0.1,
      .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude, .pi,
    ]
    let kept = try again(ExactNumbers(values)).values
    #expect(kept.map(\.bitPattern) == values.map(\.bitPattern))
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ExactNumbers.self, from: Data("\"AAAA\"".utf8))
    }
  }

  @Test("kernels are kept with their room for further times", arguments: [0, 1, 3])
  func kernels(_ times: Int) throws {
    for shape in [TwoTimeKernel.Shape.symmetric, .causal] {
      var kernel = TwoTimeKernel(units: 2, capacity: 4, shape: shape)
      for t in 0..<times {
        kernel.append(
          (0..<2).map { k in (0..<2 * (t + 1)).map { Double(100 * t + 10 * k + $0) } })
      }
      let kept = try again(kernel)
      #expect(kept.times == times && kept.capacity == 4 && kept.units == 2 && kept.shape == shape)
      for a in 0..<kernel.count {
        for b in 0..<kernel.count { #expect(kept[a, b] == kernel[a, b]) }
      }
      #expect(kept.combined(with: kernel, -).largest == 0)
    }
  }

  @Test("numbers for YAML have a fraction, and a sign in the exponent")
  func yaml() {
    for (number, text) in [
      (1e-7, "1.0e-07"), (2.5e-8, "2.5e-08"), (1e20, "1.0e+20"), (0.1, "0.1"), (-3, "-3.0"),
      (0, "0.0"),
    ] {
      #expect(number.yaml == text && Double(number.yaml) == number)
    }
  }
}
