internal import LearningProblem
internal import NumericalKit

/// The random part u of the gradient as orthonormal noise, and what weights have of it, for closed
/// weights in a frame. `[frame.weights]`
///
/// With S = L Lᵀ, u = L η, and D(r, j) = E[w_r η_j]. In a frame the product R S, which gives E[u w]
/// where all rows are kept, leaves out noise that a merge has thrown away, and C loses its
/// positivity little by little. With D all moments are those of one Gaussian vector, whatever is
/// merged; and R = D L⁻¹ is the response to what is left of u, by Stein's formula.
struct WeightDrive: Sendable {
  /// D, rows of the weights and columns of the noise.
  private(set) var loadings: TwoTimeKernel
  private let units: Int
  private var factor: GaussianDrive
  /// L_k(t, ·) of the present time, one row for each unit, as long as the rows of D.
  private(set) var present: [[Double]] = []

  /// The start, with room for `rows` of the past.
  init(units: Int, rows: Int) {
    self.units = units
    loadings = TwoTimeKernel(units: units, capacity: rows + 1, shape: .causal)
    loadings.append(Array(repeating: [Double](repeating: 0, count: units), count: units))
    factor = GaussianDrive(rows: units * rows)
  }

  /// Takes the last row of S.
  mutating func append(_ covariance: TwoTimeKernel) {
    let first = covariance.count - units
    for a in first..<covariance.count {
      factor.append(covariance.row(a, width: a), variance: covariance[a, a])
    }
    present = (0..<units).map { k in
      factor.row(first + k) + [Double](repeating: 0, count: units - 1 - k)
    }
  }

  /// Takes D of the next time, all but the noise of that time; the rows of R that follow.
  /// `[frame.weights]`
  mutating func take(_ rows: [[Double]]) -> [[Double]] {
    loadings.append(rows)
    return rows.map { row in
      factor.response(products: row[..<factor.count], instantaneous: []) + row[factor.count...]
    }
  }

  /// Merges rows; how the noise turns, as merges of columns. `[frame.rotation]`
  mutating func merge(_ flat: [RowMerge]) -> [RowMerge] {
    let noise = [factor.merge(flat).kept]
    loadings.merge(rows: flat, columns: noise)
    return noise
  }
}

extension WeightDrive? {
  /// What weights have of earlier gradients: D, or the response R itself without a drive.
  func memory(of weights: WeightKernels) -> TwoTimeKernel { self?.loadings ?? weights.response }
}
