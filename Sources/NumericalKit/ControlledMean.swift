/// Sums over samples of a quantity f and of up to three controls c_i, quantities of known mean.
///
/// Additive; a sample is the vector (f, c_1 - E c_1, c_2 - E c_2, c_3 - E c_3).
public struct ControlledSums: Sendable {
  private var count = 0.0
  private var sum = SIMD4<Double>.zero
  // Of each component with all: products[i][j] = Σ x_i x_j.
  private var products = [SIMD4<Double>](repeating: .zero, count: 4)

  /// Bytes of one in an array, with the products it points to and the head of their array.
  public static let bytes =
    Double(MemoryLayout<Self>.stride + 4 * MemoryLayout<SIMD4<Double>>.stride + 48)

  /// No samples yet.
  public init() {}

  /// The sums of `count` samples; a control that is not used is zero.
  @inlinable
  public init(count: Int, _ sample: (Int) -> SIMD4<Double>) {
    var sum = SIMD4<Double>.zero
    var (a, b, c, d) = (sum, sum, sum, sum)
    for index in 0..<count {
      let x = sample(index)
      sum += x
      a += x[0] * x
      b += x[1] * x
      c += x[2] * x
      d += x[3] * x
    }
    self.init(count: Double(count), sum: sum, products: [a, b, c, d])
  }

  @usableFromInline
  init(count: Double, sum: SIMD4<Double>, products: [SIMD4<Double>]) {
    self.count = count
    self.sum = sum
    self.products = products
  }

  fileprivate mutating func add(_ other: ControlledSums) {
    count += other.count
    sum += other.sum
    for lane in products.indices { products[lane] += other.products[lane] }
  }

  /// Σ f and the number of samples.
  fileprivate var plain: (sum: Double, count: Double) { (sum[0], count) }

  /// β = Cov(c, c)⁻¹ Cov(c, f); 0 for a control that spreads by no more than its entry of
  /// `deviations`.
  fileprivate func coefficients(_ deviations: SIMD3<Double>) -> [Double] {
    let mean = sum / count
    var factor = GrowingCholesky(capacity: 3, tolerance: 1e-9)
    var coefficients = [Double]()
    for i in 0..<3 {
      let row = products[i + 1] / count - mean[i + 1] * mean
      factor.append(
        (0..<i).map { row[$0 + 1] }[...], diagonal: max(row[i + 1], 0),
        rounding: deviations[i] * deviations[i])
      coefficients.append(row[0])
    }
    factor.solve(&coefficients)
    return coefficients
  }

  /// Σ (f - Σ_i β_i (c_i - E c_i)).
  fileprivate func controlled(_ coefficients: [Double], _ means: SIMD3<Double>) -> Double {
    coefficients.indices.reduce(sum[0]) {
      $0 - coefficients[$1] * (sum[$1 + 1] - count * means[$1])
    }
  }
}

/// The mean of a sampled quantity, less what the sampled means of its controls miss.
/// `[sampling.controls]`
///
/// Samples come in two halves, and each half takes the coefficients of the other: without that,
/// they would know of the noise that they remove, a bias of order 1/n, the same at every step.
public struct ControlledMean: Sendable {
  private var halves = [ControlledSums(), ControlledSums()]

  /// No samples yet.
  public init() {}

  /// Adds the sums of group `group`: its parity is the half.
  public mutating func add(_ sums: ControlledSums, group: Int) { halves[group % 2].add(sums) }

  private var count: Double { halves[0].plain.count + halves[1].plain.count }

  /// ⟨f⟩ as it was sampled.
  public var plain: Double { (halves[0].plain.sum + halves[1].plain.sum) / count }

  /// ⟨f⟩ with the noise of the controls removed.
  ///
  /// - Parameters:
  ///   - deviations: a control that spreads by no more than this is left out, as rounding would
  ///     count for too much in what its mean misses.
  ///   - means: what of E c_i had not been subtracted from the samples.
  public func estimate(
    deviations: SIMD3<Double>, means: SIMD3<Double> = .zero
  ) -> Double {
    let total =
      halves[0].controlled(halves[1].coefficients(deviations), means)
      + halves[1].controlled(halves[0].coefficients(deviations), means)
    return total / count
  }
}
