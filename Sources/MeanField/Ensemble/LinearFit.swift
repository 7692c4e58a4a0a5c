internal import NumericalKit

/// The gradient linear in the fields, with slopes common to all clusters:
/// g_k ≈ c_ka + Σ_l β_kl h_l. `[sampling.persistent]`
struct LinearFit: Sendable {
  /// c, [k][cluster].
  var constants: [[Double]]
  /// β, [k][l].
  var slopes: [[Double]]

  /// That of a gradient `factor` times as strong.
  func scaled(by factor: Double) -> LinearFit {
    var copy = self
    for k in slopes.indices {
      copy.constants[k] = constants[k].map { factor * $0 }
      copy.slopes[k] = slopes[k].map { factor * $0 }
    }
    return copy
  }

  /// Least squares over the ensemble; a field without variance gets no slope.
  init(_ sums: FitSums) {
    let units = sums.gradient.count
    let clusters = sums.moments.count
    let stride = sums.features
    var factor = GrowingCholesky(capacity: clusters + units, tolerance: 1e-9)
    for a in 0..<clusters {
      factor.append(Array(repeating: 0.0, count: a)[...], diagonal: sums.moments[a][0])
    }
    func total(_ l: Int, _ n: Int) -> Double {
      sums.moments.reduce(0) { $0 + $1[(1 + l) * stride + 1 + n] }
    }
    for l in 0..<units {
      let row = sums.moments.map { $0[(1 + l) * stride] } + (0..<l).map { total(l, $0) }
      factor.append(row[...], diagonal: total(l, l))
    }
    constants = []
    slopes = []
    for gradient in sums.gradient {
      var solution = gradient.map { $0[0] }
      for l in 0..<units { solution.append(gradient.reduce(0) { $0 + $1[1 + l] }) }
      factor.solve(&solution)
      constants.append(Array(solution[0..<clusters]))
      slopes.append(Array(solution[clusters...]))
    }
  }
}
