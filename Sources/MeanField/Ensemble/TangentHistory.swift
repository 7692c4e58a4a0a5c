internal import NumericalKit

/// The path derivatives of a group of trajectories. `[response.tangent]`
///
/// D_kl(t, s) = ∂(ζ_k + echo_k)(t)/∂ζ_l(s) obeys D(t, s) = δ_ts + Σ_s' R(t, s') V(s', s), where
/// V_kl(s', s) = s(s') Σ_j Ĥ_kj(s') D_jl(s', s) is the derivative of the kick. For each origin (s,
/// l) the block holds V_·l(·, s), one row per (s', k). Memory and cost O(K² T² width): a check, not
/// a production path.
struct TangentHistory: Sendable {
  private let units: Int
  private let width: Int
  private let steps: Int
  private var derivatives: [RowBlock] = []  // one per origin (s, l)

  init(units: Int, steps: Int, width: Int) {
    self.units = units
    self.steps = steps
    self.width = width
  }

  /// Adds Σ a Ĥ D(t, s) over the trajectories to `sums.tangent` and stores V(t, ·).
  mutating func advance(
    _ memoryRows: [[Double]], curvature: [[Double]], conditional: [Double], isOn: [Bool],
    sums: inout EnsembleSums
  ) {
    let t = derivatives.count / units
    for _ in 0..<units {
      derivatives.append(RowBlock(capacity: units * (steps - t), width: width))
    }
    for origin in derivatives.indices {
      let s = origin / units
      var change = [[Double]]()  // D_·l(t, s)
      for k in 0..<units {
        var row = [Double](repeating: s == t && k == origin % units ? 1 : 0, count: width)
        derivatives[origin].combine(memoryRows[k][(s * units)...], into: &row)
        change.append(row)
      }
      for k in 0..<units {
        var response = [Double](repeating: 0, count: width)
        for i in 0..<units {
          for j in 0..<width { response[j] += curvature[k * units + i][j] * change[i][j] }
        }
        sums.tangent[k][origin] += DenseVector.dot(conditional, response)
        for j in 0..<width where !isOn[j] { response[j] = 0 }
        derivatives[origin].setRow((t - s) * units + k, to: response)
      }
    }
  }
}
