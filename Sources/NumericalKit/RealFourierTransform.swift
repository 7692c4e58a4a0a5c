internal import CNumerics
internal import Foundation

/// Discrete Fourier transforms of real sequences of one length n, by FFTW.
///
///   X_k = Σ_t x_t exp(-2πi k t / n), k = 0 ... n/2, and x_t = (1/n) Σ_k X_k exp(2πi k t / n),
///
/// where the X_k not stored are conjugates of those that are. So `inverse(forward(x)) = x`, and
/// Σ_t x_t² = (1/n) Σ_k |X_k|² over all k (Parseval). A causal sequence is padded with zeros to
/// twice its length, so that products of its transforms do not wrap around: `convolution`,
/// `correlation`. Plans and buffers are made once; an object belongs to one thread at a time. Cost
/// O(n log n).
@safe
public final class RealFourierTransform {
  /// n, even.
  public let count: Int
  /// n/2 + 1, the number of frequencies 2π k/n from 0 to π.
  public var frequencies: Int { count / 2 + 1 }

  private let times: UnsafeMutablePointer<Double>
  private let spectrum: UnsafeMutablePointer<fftw_complex>
  private let forwardPlan: fftw_plan
  private let inversePlan: fftw_plan
  /// FFTW's planner is not thread-safe.
  private static let planner = NSLock()

  /// Plans the transforms of sequences of `count` entries, an even number.
  public init(count: Int) {
    precondition(count >= 2 && count.isMultiple(of: 2), "length must be even, got \(count)")
    self.count = count
    let n = Int32(count)
    guard let times = unsafe fftw_alloc_real(count),
      let spectrum = unsafe fftw_alloc_complex(count / 2 + 1)
    else { preconditionFailure("no memory for a transform of length \(count)") }
    unsafe self.times = times
    unsafe self.spectrum = spectrum
    Self.planner.lock()
    let forward = unsafe fftw_plan_dft_r2c_1d(n, times, spectrum, FFTW_ESTIMATE)
    let inverse = unsafe fftw_plan_dft_c2r_1d(n, spectrum, times, FFTW_ESTIMATE)
    Self.planner.unlock()
    guard let forward = unsafe forward, let inverse = unsafe inverse else {
      preconditionFailure("FFTW has no plan for length \(count)")
    }
    unsafe forwardPlan = forward
    unsafe inversePlan = inverse
  }

  deinit {
    Self.planner.lock()
    unsafe fftw_destroy_plan(forwardPlan)
    unsafe fftw_destroy_plan(inversePlan)
    Self.planner.unlock()
    unsafe fftw_free(times)
    unsafe fftw_free(spectrum)
  }

  /// X of a sequence of at most n entries, zeros behind it.
  public func forward(_ values: [Double]) -> [Complex] {
    precondition(values.count <= count, "\(values.count) entries for length \(count)")
    for t in 0..<count { unsafe times[t] = t < values.count ? values[t] : 0 }
    unsafe fftw_execute(forwardPlan)
    return (0..<frequencies).map { unsafe Complex(spectrum[$0].0, spectrum[$0].1) }
  }

  /// x of n/2 + 1 frequencies; the first and the last count as real.
  public func inverse(_ values: [Complex]) -> [Double] {
    precondition(values.count == frequencies, "\(values.count) of \(frequencies) frequencies")
    for k in 0..<frequencies { unsafe spectrum[k] = (values[k].re, values[k].im) }
    unsafe fftw_execute(inversePlan)
    let scale = 1 / Double(count)
    return (0..<count).map { unsafe scale * times[$0] }
  }

  /// The even sequence whose transform is real: x_t = x_{n-t}.
  public func inverse(_ values: [Double]) -> [Double] { inverse(values.map { Complex($0) }) }

  /// Σ_{k=0..t} a_k b_{t-k} for t < n/2, of sequences of at most n/2 entries.
  public func convolution(_ a: [Double], _ b: [Double]) -> [Double] {
    product(a, b) { $0 * $1 }
  }

  /// Σ_{j>=0} a_{t+j} b_j for 0 <= t < n/2, of sequences of at most n/2 entries.
  public func correlation(_ a: [Double], _ b: [Double]) -> [Double] {
    product(a, b) { $0 * $1.conjugate }
  }

  private func product(
    _ a: [Double], _ b: [Double], _ combine: (Complex, Complex) -> Complex
  ) -> [Double] {
    precondition(
      a.count <= count / 2 && b.count <= count / 2,
      "\(a.count) and \(b.count) entries would wrap around at length \(count)")
    return Array(inverse(zip(forward(a), forward(b)).map(combine)).prefix(count / 2))
  }
}
