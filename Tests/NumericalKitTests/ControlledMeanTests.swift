import NumericalKit
import Testing

/// Control variates. `[sampling.controls]`
@Suite("Controlled means")
struct ControlledMeanTests {
  private func mean(
    _ samples: [SIMD4<Double>], deviations: SIMD3<Double> = .zero
  ) -> (plain: Double, controlled: Double) {
    var mean = ControlledMean()
    let groups = 4
    for group in 0..<groups {
      let own = stride(from: group, to: samples.count, by: groups).map { samples[$0] }
      mean.add(ControlledSums(count: own.count) { own[$0] }, group: group)
    }
    return (mean.plain, mean.estimate(deviations: deviations))
  }

  @Test("what is linear in the controls is known without error, whatever was sampled")
  func linear() {
    var stream = RandomStream(seed: 1, purpose: .check)
    let samples = (0..<40).map { _ in
      let c = SIMD3(stream.normal(), 3 * stream.uniform() + 1, stream.normal() - 2)
      return SIMD4(5 + 2 * c[0] - c[1] + 0.25 * c[2], c[0], c[1], c[2])
    }
    let (plain, controlled) = mean(samples)
    #expect(abs(controlled - 5) < 1e-12)
    #expect(abs(plain - samples.reduce(0) { $0 + $1[0] } / 40) < 1e-12)
    #expect(abs(plain - 5) > 0.1)
  }

  @Test("controls that do not vary, depend on others or vary by rounding are left out")
  func degenerate() {
    var stream = RandomStream(seed: 2, purpose: .check)
    let samples = (0..<40).map { _ in
      let c = stream.normal() + 1
      return SIMD4(3 + c, c, 2 * c, 0)
    }
    #expect(abs(mean(samples).controlled - 3) < 1e-12)
    // A mean that rounding moves by 1e-6 of a quantity that hardly varies.
    let rounded = samples.map { SIMD4($0[0], 1e-6 + 1e-9 * $0[1], 0, 0) }
    let (plain, controlled) = mean(rounded, deviations: SIMD3(1e-3, 0, 0))
    #expect(abs(plain - controlled) < 1e-12)
    #expect(abs(mean(rounded).controlled - plain) > 100)
  }

  /// f = c² with E[c] = 0: in the same samples β would be correlated with ⟨c⟩, E[β ⟨c⟩] = E[c³]/n
  /// E[c²]².
  @Test("coefficients of the other half leave no bias")
  func unbiased() {
    var stream = RandomStream(seed: 3, purpose: .check)
    var values = [Double]()
    for _ in 0..<4000 {
      values.append(
        mean(
          (0..<40).map { _ in
            let c = -stream.uniform().squareRoot().squareRoot() + 0.8  // E = 0, skewed
            return SIMD4(c * c, c, 0, 0)
          }
        ).controlled)
    }
    let estimate = Moments(values)
    #expect(abs(estimate.mean - (1 / 1.5 - 0.64)) < 4 * estimate.error)
    #expect(estimate.error < 1e-4)
  }

  private struct Moments {
    let mean: Double
    let error: Double
    init(_ values: [Double]) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      self.mean = mean
      error = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count / count).squareRoot()
    }
  }
}
