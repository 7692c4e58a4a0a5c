internal import NumericalKit

/// A Gaussian process ζ = L ε that grows in time, made of orthonormal noise, and responses to it.
///
/// Covariances of full batches are numerically singular. A touch of white noise, ν = 1e-9 of the
/// variance, keeps every pivot away from zero `[sampling.field]`; it belongs to the process, so
/// that Stein's formula is exact for what is simulated, and one triangular solve gives the
/// response. `[sampling.stein]` Appending and responding cost O(n²) at n rows.
struct GaussianDrive: Sendable {
  private static let whiteNoise = 1e-9
  private var factor: GrowingCholesky

  /// A process of up to `rows` times and units.
  init(rows: Int) {
    factor = GrowingCholesky(capacity: rows, tolerance: 0.1 * Self.whiteNoise)
  }

  /// Appends a row of the covariance; `rounding` is the error of its diagonal.
  mutating func append(_ row: ArraySlice<Double>, variance: Double, rounding: Double = 0) {
    factor.append(
      row, diagonal: variance * (1 + Self.whiteNoise) + 10 * rounding, rounding: rounding)
  }

  /// Rows present.
  var count: Int { factor.count }

  /// Merges rows; how the noise turns. `[frame.rotation]`
  mutating func merge(_ merges: [RowMerge]) -> NoiseRotation { factor.merge(merges) }

  /// Row n of L, of length n + 1.
  func row(_ n: Int) -> [Double] { factor.row(n) }

  /// The last rows of L, one per row of `excess`, for a process whose last covariances are smaller
  /// by `excess` (square, row-major): the same noise before, and less of it now. `[site.dropout]`
  func lastRows(less excess: [Double]) -> [[Double]] {
    let count = Int(Double(excess.count).squareRoot())
    let first = factor.count - count
    var rows = (0..<count).map { factor.row(first + $0) }
    var block = GrowingCholesky(capacity: count, tolerance: 1e-9)
    for k in 0..<count {
      let covariances = (0...k).map { l in
        DenseVector.dot(rows[k][first...first + l], rows[l][first...first + l])
          - excess[k * count + l]
      }
      block.append(covariances[..<k], diagonal: max(covariances[k], 0))
    }
    for k in 0..<count { rows[k].replaceSubrange(first..., with: block.row(k)) }
    return rows
  }

  /// E[∂x/∂ζ_r] over all r, for an x of the last time.
  ///
  ///   δ H̄ + E[e εᵀ] L⁻¹,   e = x - H̄ ζ(t).
  ///
  /// - Parameters:
  ///   - products: E[ε_r x].
  ///   - instantaneous: H̄_l, an estimate of the response to the units l of the last time; it
  ///     matters where ζ vanishes and Stein's formula says nothing.
  func response(products: ArraySlice<Double>, instantaneous: [Double]) -> [Double] {
    var response = Array(products)
    let first = response.count - instantaneous.count
    for (l, slope) in instantaneous.enumerated() {
      DenseVector.add(-slope, factor.row(first + l), to: &response)
    }
    factor.backward(&response)
    for (l, slope) in instantaneous.enumerated() { response[first + l] += slope }
    return response
  }
}
