import Foundation
import NumericalKit
import Testing

@Suite("Fourier transforms of real sequences")
struct RealFourierTransformTests {
  private func noise(_ count: Int, _ index: UInt64 = 0) -> [Double] {
    var stream = RandomStream(seed: 7, purpose: .check, index: index)
    return (0..<count).map { _ in stream.normal() }
  }

  private func distance(_ a: [Double], _ b: [Double]) -> Double {
    a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
  }

  @Test("the sum of the definition", arguments: [2, 6, 30, 64])
  func definition(_ n: Int) {
    let transform = RealFourierTransform(count: n)
    let x = noise(n)
    let spectrum = transform.forward(x)
    #expect(spectrum.count == n / 2 + 1 && transform.frequencies == n / 2 + 1)
    for k in 0...n / 2 {
      let sum = (0..<n).reduce(Complex(0)) { sum, t in
        sum + x[t] * Complex(angle: -2 * .pi * Double(k * t) / Double(n))
      }
      #expect((sum - spectrum[k]).squaredSize < 1e-24 * Double(n * n))
    }
    #expect(distance(transform.inverse(spectrum), x) < 1e-14 * Double(n))
  }

  @Test("Parseval: squares in time are squares in frequency")
  func parseval() {
    let n = 48
    let x = noise(n)
    let spectrum = RealFourierTransform(count: n).forward(x)
    let inner = spectrum[1..<n / 2].reduce(0) { $0 + 2 * $1.squaredSize }
    let power = (inner + spectrum[0].squaredSize + spectrum[n / 2].squaredSize) / Double(n)
    #expect(abs(power - x.reduce(0) { $0 + $1 * $1 }) < 1e-12)
  }

  @Test("convolution and correlation are their sums, without wrapping around")
  func products() {
    let length = 33
    let transform = RealFourierTransform(count: 2 * length)
    let (a, b) = (noise(length), noise(length, 1))
    let convolution = (0..<length).map { t in (0...t).reduce(0.0) { $0 + a[$1] * b[t - $1] } }
    let correlation = (0..<length).map { t in
      (0..<length - t).reduce(0.0) { $0 + a[t + $1] * b[$1] }
    }
    #expect(distance(transform.convolution(a, b), convolution) < 1e-13)
    #expect(distance(transform.correlation(a, b), correlation) < 1e-13)
  }

  @Test("products of causal kernels are causal")
  func causality() {
    let transform = RealFourierTransform(count: 128)
    // Kernels of 32 entries: their product has 63, and nothing at negative lags.
    let product = zip(transform.forward(noise(32)), transform.forward(noise(32, 1))).map { $0 * $1 }
    let ring = transform.inverse(product)
    #expect(ring[63...].allSatisfy { abs($0) < 1e-13 })
    #expect(ring[..<63].contains { abs($0) > 1 })
  }

  @Test("a real spectrum belongs to an even sequence")
  func even() {
    let transform = RealFourierTransform(count: 40)
    let ring = transform.inverse(noise(21))
    for t in 1..<40 { #expect(abs(ring[t] - ring[40 - t]) < 1e-14) }
  }

  @Test("complex numbers")
  func complex() {
    let (a, b) = (Complex(1, 2), Complex(-3, 0.5))
    #expect(a * b == Complex(-4, -5.5) && a + b == Complex(-2, 2.5) && a - b == Complex(4, 1.5))
    #expect((a * b / b - a).squaredSize < 1e-30)
    #expect(a.conjugate == Complex(1, -2) && a.squaredSize == 5 && 2 * a == Complex(2, 4))
  }

  @Test("many threads plan at once")
  func threads() throws {
    let x = noise(60)
    let results = try ParallelFor(threads: 4).map(40) { index in
      RealFourierTransform(count: 64 + 2 * (index % 5)).forward(x)[0].re
    }
    #expect(results.allSatisfy { abs($0 - x.reduce(0, +)) < 1e-12 })
  }
}
